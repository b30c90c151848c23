// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"slices"
	"time"
)

// Live makes what happens now, one event at a time.
type Live struct {
	dice    dice
	sources []*source
	weights float64
	// waiting are events that follow from earlier ones, in the order of time: an order is
	// shipped hours later.
	waiting []Event
}

// Live returns what happens after the history.
func (c *Company) Live() *Live {
	l := &Live{dice: newDice(c.seed, "live")}
	for _, s := range c.sources {
		if !s.past {
			l.sources = append(l.sources, s)
			l.weights += s.perDay
		}
	}
	return l
}

// Next returns what happens at a time: one event, which is of that time.
func (l *Live) Next(now time.Time) Event {
	if len(l.waiting) > 0 && !l.waiting[0].At.After(now) {
		due := l.waiting[0]
		l.waiting = l.waiting[1:]
		return due
	}
	s := l.pick()
	events := s.happen(s.dice, now.Truncate(time.Millisecond))
	for _, event := range events[1:] {
		at, _ := slices.BinarySearchFunc(l.waiting, event.At, func(e Event, at time.Time) int { return e.At.Compare(at) })
		l.waiting = slices.Insert(l.waiting, at, event)
	}
	return events[0]
}

// longest is longer than any demo runs, and not too long for a duration.
const longest = 100 * 365 * 24 * time.Hour

// Wait is how long it takes until the next event, at so many a minute on average.
func (l *Live) Wait(perMinute float64) time.Duration {
	return time.Duration(min(l.dice.ExpFloat64()*float64(time.Minute)/perMinute, float64(longest)))
}

// pick chooses a source; busy ones more often.
func (l *Live) pick() *source {
	at := l.dice.Float64() * l.weights
	for _, s := range l.sources {
		if at -= s.perDay; at < 0 {
			return s
		}
	}
	return l.sources[len(l.sources)-1]
}
