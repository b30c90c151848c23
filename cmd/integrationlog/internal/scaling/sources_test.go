// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	// connections is how many deliveries are under way at a time.
	connections = 16
	// ahead is how far the clocks of the sources are ahead. What happened less than a minute
	// after a collector's start is looked up in Loki anyway; this is about all the rest.
	ahead = 59 * time.Second
)

// delivery is an activity as its source delivers it, the same each time.
type delivery struct {
	product harness.Pushed
	id      string
	at      time.Time
}

// shopify is a product like those whose senders show a secret as it is.
var shopify = harness.Pushed{Product: activity.Shopify}

// newDelivery returns the n-th activity, of the products in turn.
func newDelivery(n int) delivery {
	products := append([]harness.Pushed{shopify}, harness.PushedProducts...)
	product := products[n%len(products)]
	return delivery{product: product, id: fmt.Sprintf("%s-%05d", product.Product, n), at: time.Now().Add(ahead)}
}

// inLoki is what Loki has as its activity_id.
func (d delivery) inLoki() string {
	switch d.product.Product {
	case activity.Shopify:
		return "e2e.myshopify.com/orders/create/" + d.id
	case activity.SunshineConversations:
		return "64b5c0d619a30a2e00de36b8/" + d.id
	default:
		return "//" + d.id
	}
}

// sources are the senders of all products, with a ledger of what was accepted.
type sources struct {
	// front is the installation as the world sees it: what listens is the balancer.
	front *harness.Installation

	mu       sync.Mutex
	accepted map[activity.Product]map[string]bool
	all      []delivery
}

func newSources(front *harness.Installation) *sources {
	return &sources{front: front, accepted: map[activity.Product]map[string]bool{}}
}

// deliver delivers an activity until it is accepted.
func (s *sources) deliver(ctx context.Context, d delivery) error {
	return harness.Retry(ctx, time.Minute, func(ctx context.Context) error {
		answer, err := s.send(ctx, d)
		if err == nil && answer.Code != http.StatusOK {
			err = fmt.Errorf("%s was answered with %d", d.id, answer.Code)
		}
		if err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.accepted[d.product.Product] == nil {
			s.accepted[d.product.Product] = map[string]bool{}
		}
		s.accepted[d.product.Product][d.inLoki()] = true
		return nil
	})
}

func (s *sources) send(ctx context.Context, d delivery) (harness.Answer, error) {
	if d.product.Product == activity.Shopify {
		return s.front.Shop.Send(ctx, harness.NewOrder(d.id, d.at))
	}
	return s.front.Push(ctx, d.product.Product, d.product.Secret, harness.PushedBody(d.product.Product, d.id, d.at))
}

// play delivers that many activities, so many in a second. Of four, one comes twice at the
// same time, as when a source gives an answer up and a balancer repeats a request, and one
// comes again right after it was accepted, as when the answer got lost.
func (s *sources) play(ctx context.Context, activities, perSecond int) error {
	limiter := rate.NewLimiter(rate.Limit(perSecond), 1)
	return each(ctx, activities, func(ctx context.Context, n int) error {
		if err := limiter.Wait(ctx); err != nil {
			return err
		}
		d := newDelivery(n)
		s.mu.Lock()
		s.all = append(s.all, d)
		s.mu.Unlock()
		switch n % 4 {
		case 0:
			second := make(chan error, 1)
			go func() { second <- s.deliver(ctx, d) }()
			if err := s.deliver(ctx, d); err != nil {
				return err
			}
			return <-second
		case 1:
			if err := s.deliver(ctx, d); err != nil {
				return err
			}
		}
		return s.deliver(ctx, d)
	})
}

// repeat delivers once more whatever was delivered.
func (s *sources) repeat(ctx context.Context) error {
	return each(ctx, len(s.all), func(ctx context.Context, n int) error { return s.deliver(ctx, s.all[n]) })
}

// each calls do for the numbers below n, over several connections.
func each(ctx context.Context, n int, do func(ctx context.Context, n int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for i := range n {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

// requireOnce requires that list and count have each activity that was accepted once, and
// nothing else.
func (s *sources) requireOnce(t *testing.T, loki *harness.Loki, within time.Duration) {
	t.Helper()
	for product, ids := range s.accepted {
		harness.Eventually(t, within, func(ctx context.Context) error {
			return loki.HasOnce(ctx, fmt.Sprintf("{product=%q}", product), "activity_id", ids, nil)
		})
	}
}

// size is how many activities were accepted.
func (s *sources) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := 0
	for _, ids := range s.accepted {
		size += len(ids)
	}
	return size
}

// awaitAccepted waits until so many activities were accepted.
func (s *sources) awaitAccepted(t *testing.T, activities int) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if accepted := s.size(); accepted < activities {
			return fmt.Errorf("%d accepted of %d", accepted, activities)
		}
		return nil
	})
}
