// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package load sends what vendors send, of all products at once and at a bounded rate, and
// writes into a ledger what was acknowledged. What it sends is that of the simulated vendors.
package load // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/load"

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
)

const (
	// connections is how many deliveries of a product may be under way at a time.
	connections = 4
	// giveUp makes one delivery in so many be given up when it fails, as vendors do in
	// the end: it may be in the log then, but does not have to.
	giveUp = 50
)

// Load is all products of an installation. Numbers go on from one run to the next.
type Load struct {
	ledger  *ledger.Ledger
	pushers []*pusher
	pullers []*puller

	// ahead is by how much the clocks of those who post are.
	ahead   atomic.Int64
	running []*harness.Load
	cancel  context.CancelFunc
	pulled  sync.WaitGroup
}

// Start begins to send. It must have been stopped before.
func (l *Load) Start(ctx context.Context) {
	l.running = nil
	for _, p := range l.pushers {
		settings := harness.LoadSettings{Connections: connections, PerSecond: max(1, int(p.perSecond)), GiveUp: giveUp}
		l.running = append(l.running, harness.StartDeliveries(ctx, settings, func(int) harness.Delivery {
			return l.delivery(p, p.next(), time.Now().Add(time.Duration(l.ahead.Load())))
		}))
	}
	ctx, l.cancel = context.WithCancel(ctx)
	for _, p := range l.pullers {
		l.pulled.Go(func() { p.run(ctx, l.ledger) })
	}
}

// Stop begins nothing new, and waits until everything that was begun is acknowledged or
// given up. It returns an error if that takes longer.
func (l *Load) Stop(within time.Duration) error {
	l.cancel()
	l.pulled.Wait()
	var errs []error
	for _, running := range l.running {
		errs = append(errs, running.Stop(within))
	}
	return errors.Join(errs...)
}

// SetClocks lets the clocks of those who post jump: from now on they are ahead of the
// machine's, or behind it if that is negative.
func (l *Load) SetClocks(ahead time.Duration) { l.ahead.Store(int64(ahead)) }

// Accepted is how many deliveries were acknowledged since the last start.
func (l *Load) Accepted() int {
	accepted := 0
	for _, running := range l.running {
		accepted += running.Ledger.Accepted()
	}
	return accepted
}

// Answers is how often a status was answered since the last start.
func (l *Load) Answers(code int) int {
	answers := 0
	for _, running := range l.running {
		answers += running.Ledger.Answers(code)
	}
	return answers
}

// delivery is one that keeps the ledger.
func (l *Load) delivery(p *pusher, number int, at time.Time) harness.Delivery {
	made := p.make(number, at)
	return harness.Delivery{
		ID: fmt.Sprint(p.product, number),
		Send: func(ctx context.Context) (harness.Answer, error) {
			l.ledger.Sent(made.activities...)
			began := time.Now()
			answer, err := made.send(ctx)
			if err == nil && answer.Accepted() {
				l.ledger.Acknowledged(time.Since(began), made.activities...)
			}
			return harness.Answer{Code: answer.Status, RetryAfter: answer.RetryAfter, Body: answer.Body}, err
		},
	}
}
