// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"slices"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// ledger knows what has happened at the vendors, and so what has to be in the log.
type ledger struct {
	mu    sync.Mutex
	total int
	// times are those of each product's lines that are not older than the log.
	times map[activity.Product][]time.Time
}

// add notes the lines of an event.
func (l *ledger) add(event history.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.times == nil {
		l.times = map[activity.Product][]time.Time{}
	}
	l.total += len(event.Logged)
	product := event.What.Product()
	l.times[product] = append(l.times[product], event.Logged...)
}

// sent is how many lines there are in all.
func (l *ledger) sent() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

// found returns how many lines have to be in the window that is counted, and how many of
// these the log has. What a product has too many of stands for nothing that another lacks.
func (l *ledger) found(logged map[activity.Product]int, now time.Time) (count, expected int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	begin := now.Add(-window)
	for product, times := range l.times {
		times = slices.DeleteFunc(times, func(at time.Time) bool { return at.Before(begin) })
		l.times[product] = times
		expected += len(times)
		count += min(len(times), logged[product])
	}
	return count, expected
}
