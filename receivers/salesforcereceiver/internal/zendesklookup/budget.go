// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesklookup // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/zendesklookup"

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/internal/apiclient"
)

const (
	// window is the time for which Zendesk's limits hold.
	window = time.Minute
	// maxPause bounds a pause, whatever Zendesk asks for.
	maxPause = time.Hour
	// share is the part of a limit that is left to others.
	share = 2
)

// budget keeps requests back while others may need them: Zendesk counts those of all
// integrations of an account together.
// Source: https://developer.zendesk.com/api-reference/introduction/rate-limits/
type budget struct {
	now   func() time.Time
	until time.Time
}

// take tells whether a request may be sent now.
func (b *budget) take() bool { return !b.now().Before(b.until) }

// told reads what an answer says about the limit. The ticketing API has two names for it.
func (b *budget) told(header http.Header) {
	limit, ok := first(header, "X-Rate-Limit", "Ratelimit-Limit", "Rate-Limit")
	remaining, told := first(header, "X-Rate-Limit-Remaining", "Ratelimit-Remaining", "Rate-Limit-Remaining")
	if !ok || !told || remaining*share > limit {
		return
	}
	pause := window
	if seconds, ok := first(header, "Ratelimit-Reset", "Rate-Limit-Reset"); ok && seconds > 0 {
		pause = time.Duration(min(seconds, int(maxPause/time.Second))) * time.Second
	}
	b.until = b.now().Add(pause)
}

// refused notes how long Zendesk asks to be left alone.
func (b *budget) refused(err error) {
	var status *apiclient.StatusError
	if errors.As(err, &status) && status.Code == http.StatusTooManyRequests {
		b.until = b.now().Add(max(status.RetryAfter, time.Second))
	}
}

// first returns the number of the first header that has one.
func first(header http.Header, names ...string) (int, bool) {
	for _, name := range names {
		if number, err := strconv.Atoi(header.Get(name)); err == nil && number >= 0 {
			return number, true
		}
	}
	return 0, false
}
