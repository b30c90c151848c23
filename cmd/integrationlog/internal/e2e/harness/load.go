// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// retryPause is how long a load waits after a delivery that was not accepted.
const retryPause = 20 * time.Millisecond

// Load sends webhooks over several connections until it is stopped, and keeps a
// ledger. What was not answered with 200 it sends again, with the same id, until it
// is; but some it gives up, as a vendor would in the end.
type Load struct {
	// Ledger is what it sent and what was answered.
	Ledger *Ledger

	limiter *rate.Limiter
	stop    context.CancelFunc
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

// LoadSettings say how much to send.
type LoadSettings struct {
	// Connections is how many deliveries may be under way at a time.
	Connections int
	// PerSecond is how many webhooks are begun in a second; 0 for as many as can be.
	PerSecond int
	// GiveUp makes one webhook in so many be given up when its first delivery fails; 0
	// for none.
	GiveUp int
}

// Delivery is what is sent until it is accepted or given up.
type Delivery struct {
	// ID is the same on each retry.
	ID string
	// Send delivers it once.
	Send func(context.Context) (Answer, error)
}

// StartLoad begins to send the webhooks that next returns, which is called from several
// goroutines with numbers from 0 on.
func StartLoad(ctx context.Context, shop *Shop, settings LoadSettings, next func(n int) Webhook) *Load {
	return StartDeliveries(ctx, settings, func(n int) Delivery {
		w := next(n)
		return Delivery{ID: w.ID, Send: func(ctx context.Context) (Answer, error) { return shop.Send(ctx, w) }}
	})
}

// StartDeliveries does the same with deliveries to any product.
func StartDeliveries(ctx context.Context, settings LoadSettings, next func(n int) Delivery) *Load {
	l := &Load{Ledger: newLedger(), limiter: rate.NewLimiter(rate.Inf, 1)}
	l.SetRate(settings.PerSecond)
	sending, cancel := context.WithCancel(ctx)
	fresh, stop := context.WithCancel(sending)
	l.stop, l.cancel = stop, cancel
	for range settings.Connections {
		l.done.Go(func() {
			for l.limiter.Wait(fresh) == nil && fresh.Err() == nil {
				n := l.Ledger.begin()
				l.deliver(sending, next(n), settings.GiveUp > 0 && n%settings.GiveUp == 0)
			}
		})
	}
	return l
}

// SetRate changes how many webhooks are begun in a second; 0 for as many as can be.
func (l *Load) SetRate(perSecond int) {
	if perSecond == 0 {
		l.limiter.SetLimit(rate.Inf)
		return
	}
	l.limiter.SetLimit(rate.Limit(perSecond))
}

// deliver sends until it is accepted or given up.
func (l *Load) deliver(ctx context.Context, d Delivery, givesUp bool) {
	for {
		l.Ledger.sent(d.ID)
		answer, err := d.Send(ctx)
		l.Ledger.answered(d.ID, answer.Code, err)
		if err == nil && answer.Code == http.StatusOK || givesUp {
			return
		}
		timer := time.NewTimer(retryPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// Stop begins nothing new, and waits until everything that was begun is accepted or
// given up. It returns an error if that takes longer.
func (l *Load) Stop(within time.Duration) error {
	l.stop()
	defer l.cancel()
	done := make(chan struct{})
	go func() {
		l.done.Wait()
		close(done)
	}()
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-done:
		return nil
	case <-timer.C:
		return fmt.Errorf("deliveries are still without a 200 after %s: %s", within, l.Ledger)
	}
}

// Ledger keeps what was sent and what came of it.
type Ledger struct {
	mu    sync.Mutex
	begun int
	// accepted tells of each id that was sent whether it was answered with 200.
	accepted map[string]bool
	ok       int
	answers  map[int]int
	failures int
	last     error
}

func newLedger() *Ledger {
	return &Ledger{accepted: map[string]bool{}, answers: map[int]int{}}
}

func (l *Ledger) begin() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun++
	return l.begun - 1
}

func (l *Ledger) sent(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.accepted[id]; !known {
		l.accepted[id] = false
	}
}

func (l *Ledger) answered(id string, code int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failures++
		l.last = err
		return
	}
	l.answers[code]++
	if code == http.StatusOK && !l.accepted[id] {
		l.accepted[id] = true
		l.ok++
	}
}

// Accepted returns how many webhooks were answered with 200.
func (l *Ledger) Accepted() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ok
}

// Answers returns how often a status was answered.
func (l *Ledger) Answers(code int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answers[code]
}

// IDs returns the ids that were answered with 200, and those that were sent and never
// were.
func (l *Ledger) IDs() (accepted, unanswered map[string]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	accepted, unanswered = map[string]bool{}, map[string]bool{}
	for id, ok := range l.accepted {
		if ok {
			accepted[id] = true
		} else {
			unanswered[id] = true
		}
	}
	return accepted, unanswered
}

// String sums the ledger up.
func (l *Ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("%d webhooks, %d accepted, answers by status %v, %d connections failed (last: %v)",
		len(l.accepted), l.ok, l.answers, l.failures, l.last)
}
