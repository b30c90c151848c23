// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package pace sends at a fixed rate, whatever becomes of what it sends: each has its time,
// and how long it took counts from then, also where it had to wait for those before it.
// Whoever waits for an answer before sending the next, and counts from there, measures
// least when it is slowest.
package pace // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	// latest is how late a sending may be until it is in vain to go on.
	latest = 3 * time.Second
	// slowest is the longest time that is told apart from longer ones; digits are how many
	// digits of a time are told.
	slowest = time.Minute
	digits  = 3
)

// Load is what to send.
type Load struct {
	// Rate is how many to send in a second.
	Rate float64
	// For is how long to go on.
	For time.Duration
	// Connections is how many may be under way at a time.
	Connections int
	// Promptly is within which time 99 of 100 have to be answered. As soon as it is sure
	// that they are not, the load is given up. 0 is never.
	Promptly time.Duration
}

// Count is how many there are to send.
func (l Load) Count() int { return int(l.Rate * l.For.Seconds()) }

func (l Load) isSlow(took time.Duration) bool { return l.Promptly > 0 && took > l.Promptly }

// Send sends number n, which was to be sent at that time, and returns an error unless it
// was accepted.
type Send func(n int, at time.Time) error

// Result is what became of a load.
type Result struct {
	// Began is the time of the first, and Took how long all of them took.
	Began time.Time
	Took  time.Duration
	// Accepted and Failed are how many there were, and Error is one of the errors.
	Accepted, Failed int
	Error            error
	// GivenUp tells that the load was given up: it was late by more than three seconds, or
	// not prompt.
	GivenUp bool

	times *hdrhistogram.Histogram
}

// At returns the time within which this percentage of all were answered.
func (r *Result) At(percentile float64) time.Duration {
	return time.Duration(r.times.ValueAtPercentile(percentile)) * time.Microsecond
}

// Run sends the load. connect is called once for each connection. It returns when all are
// answered, the load is given up, or ctx ends.
func Run(ctx context.Context, load Load, connect func() (Send, error)) (Result, error) {
	sends := make([]Send, load.Connections)
	for i := range sends {
		var err error
		if sends[i], err = connect(); err != nil {
			return Result{}, err
		}
	}
	began := time.Now()
	var next, slow atomic.Int64
	var givenUp atomic.Bool
	var running sync.WaitGroup
	parts := make([]Result, len(sends))
	for i, send := range sends {
		parts[i].times = newTimes()
		running.Go(func() {
			for !givenUp.Load() {
				n := int(next.Add(1) - 1)
				at := began.Add(time.Duration(float64(n) / load.Rate * float64(time.Second)))
				if n >= load.Count() || !wait(ctx, at) {
					return
				}
				took := parts[i].send(send, n, at)
				if took > latest || load.isSlow(took) && slow.Add(1) > int64(load.Count()/100) {
					givenUp.Store(true)
				}
			}
		})
	}
	running.Wait()
	total := Result{Began: began, Took: time.Since(began), GivenUp: givenUp.Load(), times: newTimes()}
	for i := range parts {
		total.add(&parts[i])
	}
	return total, ctx.Err()
}

func newTimes() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, slowest.Microseconds(), digits)
}

// wait waits until that time and returns whether it has come.
func wait(ctx context.Context, at time.Time) bool {
	left := time.Until(at)
	if left <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// send sends one and returns how long that took from its time on.
func (r *Result) send(send Send, n int, at time.Time) time.Duration {
	err := send(n, at)
	took := time.Since(at)
	if err != nil {
		r.Failed++
		r.Error = err
		return took
	}
	r.Accepted++
	_ = r.times.RecordValue(min(took, slowest).Microseconds()) // it is within the bounds
	return took
}

func (r *Result) add(part *Result) {
	r.Accepted += part.Accepted
	r.Failed += part.Failed
	if part.Error != nil {
		r.Error = part.Error
	}
	r.times.Merge(part.times)
}
