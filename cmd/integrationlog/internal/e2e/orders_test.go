// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const everything = `{product="shopify"}`

// idLabel is where Loki has the id of a delivery.
const idLabel = "shopify_webhook_id"

// order is a webhook about an order.
func order(id string, at time.Time) harness.Webhook { return harness.NewOrder(id, at) }

// orders returns that many webhooks, which differ in nothing but their ids.
func orders(prefix string, count int, at time.Time) []harness.Webhook {
	webhooks := make([]harness.Webhook, count)
	for i := range webhooks {
		webhooks[i] = order(fmt.Sprintf("%s-%05d", prefix, i), at)
	}
	return webhooks
}

// sendAll sends the webhooks over several connections and requires 200 for each.
func sendAll(t *testing.T, shop *harness.Shop, webhooks []harness.Webhook) {
	t.Helper()
	const connections = 32
	work := make(chan harness.Webhook)
	failures := make(chan error, connections)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var senders sync.WaitGroup
	for range connections {
		senders.Go(func() {
			for w := range work {
				if err := sendOne(ctx, shop, w); err != nil {
					failures <- err
					cancel()
					return
				}
			}
		})
	}
	feed(ctx, work, webhooks)
	senders.Wait()
	select {
	case err := <-failures:
		require.NoError(t, err)
	default:
	}
}

func feed(ctx context.Context, work chan<- harness.Webhook, webhooks []harness.Webhook) {
	defer close(work)
	for _, w := range webhooks {
		select {
		case work <- w:
		case <-ctx.Done():
			return
		}
	}
}

func sendOne(ctx context.Context, shop *harness.Shop, w harness.Webhook) error {
	answer, err := shop.Send(ctx, w)
	if err == nil && answer.Code != http.StatusOK {
		err = fmt.Errorf("%s was answered %d", w.ID, answer.Code)
	}
	return err
}

// requireOnce requires that list and count have each of the webhooks once, and
// nothing else.
func requireOnce(t *testing.T, loki *harness.Loki, within time.Duration, webhooks []harness.Webhook) {
	t.Helper()
	wanted := map[string]bool{}
	for _, w := range webhooks {
		wanted[w.ID] = true
	}
	harness.Eventually(t, within, func(ctx context.Context) error {
		return stored(ctx, loki, wanted, nil)
	})
}

// stored returns nil if list and count have all webhooks of the shop that are wanted, and
// of the rest nothing but what is allowed, each once.
func stored(ctx context.Context, loki *harness.Loki, wanted, allowed map[string]bool) error {
	return storedBy(ctx, loki, everything, idLabel, wanted, allowed)
}

// storedBy is stored for what another selector finds, and for ids under another label.
func storedBy(ctx context.Context, loki *harness.Loki, selector, label string, wanted, allowed map[string]bool) error {
	return loki.HasOnce(ctx, selector, label, wanted, allowed)
}
