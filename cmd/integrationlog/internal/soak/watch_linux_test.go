// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
)

const (
	// glance is how often the watch looks, and so how exactly it knows when something
	// became visible.
	glance = 100 * time.Millisecond
	// awaited is how many activities it waits for at a time.
	awaited = 3
)

// watch looks at a station all the time: how much memory the program takes, and how long
// some of the activities take from their acknowledgement until a query finds them.
type watch struct {
	station *station

	mu      sync.Mutex
	peak    uint64
	slowest time.Duration
	waiting []ledger.Entry
	last    ledger.Key
	// round is how often it has begun anew: what is found out meanwhile is of the one before.
	round int
}

// watchOver watches until the test ends.
func watchOver(t *testing.T, s *station) *watch {
	t.Helper()
	w := &watch{station: s}
	every(t, glance, w.look)
	return w
}

func (w *watch) look(ctx context.Context) {
	if process := w.station.process.Load(); process != nil {
		if memory, err := process.Memory(); err == nil {
			w.mu.Lock()
			w.peak = max(w.peak, memory)
			w.mu.Unlock()
		}
	}
	w.mu.Lock()
	waiting, round := w.waiting, w.round
	w.mu.Unlock()
	if len(waiting) < awaited {
		if e, found := w.station.ledger.Latest(isPosted); found && e.Key != w.last {
			w.last = e.Key
			waiting = append(waiting, e)
		}
	}
	var still []ledger.Entry
	var slowest time.Duration
	for _, e := range waiting {
		if now, _ := w.station.ledger.Find(e.Key); now.AtRisk {
			continue // it may never be visible
		}
		if visible, err := w.station.auditor.Visible(ctx, e.Activity); err != nil || !visible {
			still = append(still, e)
			continue
		}
		slowest = max(slowest, time.Since(e.Acknowledged))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.round == round {
		w.waiting, w.slowest = still, max(w.slowest, slowest)
	}
}

// settle waits until everything that it waits for is visible.
func (w *watch) settle(t *testing.T) {
	t.Helper()
	err := harness.Retry(t.Context(), deliveryWithin, func(context.Context) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.waiting) > 0 {
			return fmt.Errorf("%v is not visible", w.waiting[0].Key)
		}
		return nil
	})
	assert.NoError(t, err)
}

// reset begins anew.
func (w *watch) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.peak, w.slowest, w.waiting = 0, 0, nil
	w.round++
}

func (w *watch) memory() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.peak
}

func (w *watch) visible() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.slowest
}
