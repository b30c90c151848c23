// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"slices"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
)

// spare entries are asked for beyond those wanted. The last one's nanosecond may be cut,
// and it is read again; with some to spare that is seldom needed.
const spare = 2

// collect returns the first entries of a query behind a bound.
func (r *Reader) collect(ctx context.Context, query logql.Query, within span, d direction, behind *bound, want int) ([]record, error) {
	c := &collector{direction: d, behind: behind, want: want}
	err := r.scan(ctx, query, within, c)
	return c.records, err
}

// scan fills a collector with the entries of a query.
func (r *Reader) scan(ctx context.Context, query logql.Query, within span, c *collector) error {
	rest := c.rest(within)
	for rest.start < rest.end && !c.full() {
		length := r.limits.maxLength().Nanoseconds() - 1 // a query may begin a nanosecond earlier
		if c.window != 0 {
			length = min(length, c.window)
		}
		window := rest.first(length, c.direction)
		records, cut, err := r.entries(ctx, query, window, c.missing()+spare, c.direction)
		if r.tooLong(err, window) {
			continue
		}
		if err != nil {
			return err
		}
		if !cut {
			c.add(records)
			c.adjust(window.end - window.start)
			rest = rest.without(window, c.direction)
			continue
		}
		// Of the last nanosecond there may be more.
		edge := span{start: edgeOf(records, c.direction)}
		edge.end = edge.start + 1
		c.adjust(window.length().Nanoseconds() - window.without(edge, c.direction).length().Nanoseconds())
		c.add(slices.DeleteFunc(records, func(entry record) bool { return entry.time == edge.start }))
		if !c.full() {
			if err := r.instant(ctx, query, edge, c); err != nil {
				return err
			}
		}
		rest = rest.without(edge, c.direction)
	}
	return nil
}

// rest is the part of a stretch of time that the collector's bound leaves.
func (c *collector) rest(within span) span {
	switch {
	case c.behind == nil:
	case c.direction == backward:
		within.end = min(within.end, c.behind.time+1)
	default:
		within.start = max(within.start, c.behind.time)
	}
	return within
}

// edgeOf is the time of the last of some entries.
func edgeOf(records []record, d direction) int64 {
	edge := records[0].time
	for i := range records {
		if d == backward {
			edge = min(edge, records[i].time)
		} else {
			edge = max(edge, records[i].time)
		}
	}
	return edge
}

// first is the part of a span that comes first in a direction, and is not longer than
// that.
func (s span) first(length int64, d direction) span {
	if s.end-s.start <= length {
		return s
	}
	if d == backward {
		return span{s.end - length, s.end}
	}
	return span{s.start, s.start + length}
}

// without is what comes behind a part in a direction.
func (s span) without(part span, d direction) span {
	if d == backward {
		return span{s.start, part.start}
	}
	return span{part.end, s.end}
}
