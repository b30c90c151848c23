// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// maxShared bounds how many activities share a hand-over, and maxWaiting how many
// wait for one: beyond it the vendor has to come again.
const (
	maxShared  = 1_000
	maxWaiting = 20_000
)

var (
	errTooManyWaiting = errors.New("too many activities wait for the pipeline")
	// errPanicked is no refusal for good: what a defect did not take must not be
	// acknowledged.
	errPanicked = errors.New("the pipeline panicked")
)

// handover gives activities to the pipeline. What arrives while it is at it shares
// the next one, because what costs is not the record but the commit of the queue
// behind the pipeline. Whoever comes alone waits for nobody.
type handover struct {
	next    consumer.Logs
	scope   activity.Scope
	timeout time.Duration
	// onShared is told how many activities shared a hand-over.
	onShared func(activities int)

	mu      sync.Mutex
	busy    bool
	waiting []*parcel
	// pending is the number of activities that wait.
	pending int
	runs    sync.WaitGroup
}

// parcel is what one request wants to hand over.
type parcel struct {
	activities []activity.Activity
	// settle is told the outcome, whether or not anybody still waits for it.
	settle func(error)
	done   chan error
}

// deliver hands the activities over and returns what the pipeline said. It returns
// early when ctx ends; then settle is still told the outcome, later.
func (h *handover) deliver(ctx context.Context, activities []activity.Activity, settle func(error)) error {
	p := &parcel{activities: activities, settle: settle, done: make(chan error, 1)}
	h.mu.Lock()
	if h.pending+len(activities) > maxWaiting && h.pending > 0 {
		h.mu.Unlock()
		settle(errTooManyWaiting)
		return errTooManyWaiting
	}
	h.waiting = append(h.waiting, p)
	h.pending += len(activities)
	if !h.busy {
		h.busy = true
		h.runs.Go(h.run)
	}
	h.mu.Unlock()

	select {
	case err := <-p.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run hands over what waits until nothing waits any more.
func (h *handover) run() {
	for {
		group := h.take()
		if group == nil {
			return
		}
		h.deliverGroup(group)
	}
}

// take returns who shares the next hand-over, in the order of arrival.
func (h *handover) take() []*parcel {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, activities := 0, 0
	for n < len(h.waiting) && (n == 0 || activities+len(h.waiting[n].activities) <= maxShared) {
		activities += len(h.waiting[n].activities)
		n++
	}
	if n == 0 {
		h.busy = false
		h.waiting = nil
		return nil
	}
	group := h.waiting[:n:n]
	h.waiting = h.waiting[n:]
	h.pending -= activities
	return group
}

func (h *handover) deliverGroup(group []*parcel) {
	err := h.consume(group)
	if err == nil || len(group) == 1 || !consumererror.IsPermanent(err) && !errors.Is(err, errPanicked) {
		for _, p := range group {
			p.end(err)
		}
		return
	}
	// one of them is at fault, and the others must not pay for it
	for _, p := range group {
		p.end(h.consume([]*parcel{p}))
	}
}

func (h *handover) consume(group []*parcel) (err error) {
	activities := group[0].activities
	if len(group) > 1 {
		activities = nil
		for _, p := range group {
			activities = append(activities, p.activities...)
		}
	}
	h.onShared(len(activities))
	// It is not any request's own context: who goes away does not take the others along.
	ctx, cancel := context.WithTimeout(context.Background(), h.timeout)
	defer cancel()
	defer func() {
		// In a handler net/http would recover, and the collector would go on.
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanicked, cause, debug.Stack())
		}
	}()
	return h.next.ConsumeLogs(ctx, activity.NewLogs(h.scope, activities...))
}

func (p *parcel) end(err error) {
	p.settle(err)
	p.done <- err
}

// wait returns once no hand-over is under way, or ctx ends.
func (h *handover) wait(ctx context.Context) error {
	return waitFor(ctx, &h.runs)
}

func waitFor(ctx context.Context, group *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
