// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/common/model"
)

// Loki's defaults: max_entries_limit_per_query, and max_query_length without the hour
// that it allows beyond the thirty days.
const (
	defaultEntries = 5000
	defaultLength  = 30 * 24 * time.Hour
	// fewestEntries and shortestLength are where a limit that keeps being refused is
	// taken for another problem.
	fewestEntries  = 10
	shortestLength = time.Hour
)

// limits are what Loki allows a query. They are learned from its refusals, since Loki has
// no other way to tell them to every user.
type limits struct {
	entries  atomic.Int64
	length   atomic.Int64
	lookback atomic.Int64
}

func newLimits() *limits {
	l := &limits{}
	l.entries.Store(defaultEntries)
	l.length.Store(int64(defaultLength))
	l.lookback.Store(math.MaxInt64)
	return l
}

// maxEntries is how many entries an answer may have.
func (l *limits) maxEntries() int { return int(l.entries.Load()) }

// maxLength is how much time a query may cover.
func (l *limits) maxLength() time.Duration { return time.Duration(l.length.Load()) }

// lookbackMargin is more time than passes between a request and Loki's own look at the
// clock.
const lookbackMargin = 5 * time.Second

// oldest is the time before which Loki counts nothing, as far as is known. It takes a
// query for a mistake of which any part lies before it.
func (l *limits) oldest(now time.Time) int64 {
	if lookback := l.lookback.Load(); lookback < now.UnixNano() {
		return now.UnixNano() - lookback + int64(lookbackMargin)
	}
	return 0
}

// isTooOld tells whether Loki refused a metric query, or a part of it, for its age.
func isTooOld(err error) bool { return lookbackRefused.MatchString(reasonOf(err)) }

// reasonOf is what Loki gave as the reason of an error; empty if it gave none.
func reasonOf(err error) string {
	var answered *answerError
	if !errors.As(err, &answered) {
		return ""
	}
	return answered.reason
}

var lookbackRefused = regexp.MustCompile(`past now - max_query_lookback \((\w+)\)`)

var entriesRefused = regexp.MustCompile(`max_entries_limit_per_query \(\d+ > (\d+)\)`)

// learn lowers a limit if that is what Loki refused for a query that covers so much time.
// Whoever asked for more than the limits are now may ask again.
func (l *limits) learn(err error, length time.Duration) {
	reason := reasonOf(err)
	if found := entriesRefused.FindStringSubmatch(reason); found != nil {
		if n, err := strconv.ParseInt(found[1], 10, 32); err == nil && n >= fewestEntries {
			lower(&l.entries, n)
		}
	}
	if found := lookbackRefused.FindStringSubmatch(reason); found != nil {
		if lookback, err := model.ParseDuration(found[1]); err == nil {
			lower(&l.lookback, int64(lookback))
		}
	}
	if strings.Contains(reason, "query time range exceeds the limit") && length > shortestLength {
		lower(&l.length, int64(max(length/2, shortestLength)))
	}
}

// lower stores a value if it is less than the one that is there.
func lower(limit *atomic.Int64, value int64) {
	for {
		current := limit.Load()
		if value >= current || limit.CompareAndSwap(current, value) {
			return
		}
	}
}

// tooManySeries tells whether Loki refused a metric query for the number of its series.
func tooManySeries(err error) bool {
	return strings.Contains(reasonOf(err), "maximum number of series")
}
