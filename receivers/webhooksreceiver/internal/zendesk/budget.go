// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// window is the time for which a limit holds.
	// Source: https://developer.zendesk.com/api-reference/introduction/rate-limits/
	window = time.Minute
	// Others use the same limit, so a tenth of it is left to them. What is only nice to
	// know has to leave half of it.
	reserveForOthers = 0.1
	reserveForLists  = 0.5
)

// budget is what the answers' headers announce of the limit of requests. The webhooks
// API has one of its own.
type budget struct {
	mu               sync.Mutex
	limit, remaining int
	// since is when the window began as far as can be seen from here; zero where no
	// answer has told.
	since time.Time
	// pausedUntil is what a Retry-After asked for.
	pausedUntil time.Time
}

// PausedError says that Zendesk asked for a pause, which is not over.
type PausedError struct{ Left time.Duration }

func (e *PausedError) Error() string {
	return "Zendesk asked for a pause; it lasts another " + e.Left.Round(time.Second).String()
}

// Delay is how long not to ask again.
func (e *PausedError) Delay() time.Duration { return e.Left }

// Reason is a word for a metric.
func (*PausedError) Reason() string { return "rate_limit" }

// pause stops all requests for a while.
func (b *budget) pause(until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until.After(b.pausedUntil) {
		b.pausedUntil = until
	}
}

// observe reads the headers of an answer.
func (b *budget) observe(header http.Header, now time.Time) {
	limit, err := strconv.Atoi(header.Get("X-Rate-Limit"))
	if err != nil || limit <= 0 {
		return
	}
	remaining, err := strconv.Atoi(header.Get("X-Rate-Limit-Remaining"))
	if err != nil || remaining < 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.since.IsZero() || remaining > b.remaining || now.Sub(b.since) >= window {
		b.since = now
	}
	b.limit, b.remaining = limit, remaining
}

// spare tells whether a request may be made that is not needed.
func (b *budget) spare(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.pausedUntil) {
		return false
	}
	return b.since.IsZero() || now.Sub(b.since) >= window || float64(b.remaining) > reserveForLists*float64(b.limit)
}

// wait waits until a request may be made. A pause that was asked for is an error instead:
// it may be long, and somebody may want to know.
func (b *budget) wait(ctx context.Context, now time.Time) error {
	b.mu.Lock()
	var pause time.Duration
	paused := b.pausedUntil.Sub(now)
	if !b.since.IsZero() && float64(b.remaining) <= reserveForOthers*float64(b.limit) {
		pause = window - now.Sub(b.since)
	}
	b.mu.Unlock()
	if paused > 0 {
		return &PausedError{Left: paused}
	}
	if pause <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
