// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package lookup asks Loki which records it has.
package lookup // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/lookup"

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

const (
	// maxIDs bounds the ids of one query.
	maxIDs = 100
	// maxQueryBytes is well below the 128 KiB that Loki parses.
	maxQueryBytes = 64 << 10
	// firstSpan is the time that one query covers, so that Loki does not have to read
	// more than it must; it grows where records lie so far apart that there would be
	// more than maxQueries queries.
	firstSpan  = time.Hour
	maxSpan    = 64 * 24 * time.Hour
	maxQueries = 16
)

// query asks for records of one product within a stretch of time.
type query struct {
	keys []identity.Key
}

// plan groups the keys into few queries that each cover little.
func plan(keys []identity.Key) []query {
	sorted := slices.Clone(keys)
	slices.SortFunc(sorted, func(a, b identity.Key) int {
		return cmp.Or(cmp.Compare(a.Product, b.Product), cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID))
	})
	sorted = slices.Compact(sorted)
	for span := firstSpan; ; span *= 2 {
		queries := split(sorted, span)
		if len(queries) <= maxQueries || span >= maxSpan {
			return queries
		}
	}
}

// split cuts sorted keys into queries.
func split(sorted []identity.Key, span time.Duration) []query {
	var queries []query
	start, size := 0, 0
	for i, key := range sorted {
		if i > start && !fits(sorted[start], key, span, i-start, size+len(key.ID)) {
			queries = append(queries, query{keys: sorted[start:i]})
			start, size = i, 0
		}
		size += len(key.ID)
	}
	if start < len(sorted) {
		queries = append(queries, query{keys: sorted[start:]})
	}
	return queries
}

// fits tells whether a query that begins with first can take key, too. Quoting can make
// an id five times as long.
func fits(first, key identity.Key, span time.Duration, count, size int) bool {
	const longestQuote = 5
	return key.Product == first.Product && key.Time.AsTime().Sub(first.Time.AsTime()) <= span &&
		count < maxIDs && size*longestQuote <= maxQueryBytes
}

// logQL is the query in Loki's language. Its answer has the ids and the times, and not
// the lines, which may be large.
func (q query) logQL() string {
	var ids strings.Builder
	last := ""
	for i, key := range q.keys {
		if i > 0 && key.ID == last {
			continue
		}
		if i > 0 {
			ids.WriteByte('|')
		}
		ids.WriteString(regexp.QuoteMeta(key.ID))
		last = key.ID
	}
	return `{product=` + lokiapi.Quote(q.keys[0].Product) + `} | activity_id=~` + lokiapi.Quote(ids.String()) +
		` | line_format "" | keep activity_id`
}

// bounds are what a query for the first time begins with, and the time behind the last, in
// nanoseconds.
func (q query) bounds() (start, end int64) {
	return lokiapi.Since(int64(q.keys[0].Time)), int64(q.keys[len(q.keys)-1].Time) + 1 //nolint:gosec // until 2262
}

// halves cuts a query in two; it must have more than one key.
func (q query) halves() []query {
	middle := len(q.keys) / 2
	return []query{{keys: q.keys[:middle]}, {keys: q.keys[middle:]}}
}
