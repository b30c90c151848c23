// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// limiter counts the requests of a minute, and says in headers how many are left.
type limiter struct {
	limit int
	now   func() time.Time
	// ticketing APIs have three headers more.
	ticketing bool

	mu    sync.Mutex
	since time.Time
	taken int
}

// take counts a request, and tells how many are left in this minute and how long it
// lasts. Less than none are left to one that is too many.
func (l *limiter) take() (left int, rest time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.since) >= time.Minute {
		l.since, l.taken = now, 0
	}
	if l.limit == NoLimit {
		return 1, 0
	}
	if l.taken <= l.limit {
		l.taken++
	}
	return l.limit - l.taken, time.Minute - now.Sub(l.since)
}

func (l *limiter) limited(handler http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		left, rest := l.take()
		seconds := int((rest + time.Second - 1) / time.Second)
		l.describe(w.Header(), max(left, 0), seconds)
		if left < 0 {
			throttle(w, seconds)
			return
		}
		handler(w, r)
	})
}

// describe writes the headers. They are in lower case.
func (l *limiter) describe(header http.Header, left, seconds int) {
	header["x-rate-limit"] = []string{strconv.Itoa(l.limit)}
	header["x-rate-limit-remaining"] = []string{strconv.Itoa(left)}
	if l.ticketing {
		header["rate-limit"] = []string{strconv.Itoa(l.limit)}
		header["rate-limit-remaining"] = []string{strconv.Itoa(left)}
		header["rate-limit-reset"] = []string{strconv.Itoa(seconds)}
	}
}

func throttle(w http.ResponseWriter, seconds int) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	endpoint.JSON(w, http.StatusTooManyRequests, map[string]string{
		"error": "APIRateLimitExceeded", "description": "Number of allowed API requests per minute exceeded",
	})
}

// ThrottleNext answers the next requests to paths that contain a text with 429.
func (a *Account) ThrottleNext(path string, times int, retryAfter time.Duration) (remove func()) {
	return a.Inject(endpoint.Fault{Path: path, Times: times, Answer: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header()["x-rate-limit-remaining"] = []string{"0"}
		throttle(w, int(retryAfter/time.Second))
	}})
}
