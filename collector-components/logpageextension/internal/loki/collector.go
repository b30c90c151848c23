// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"slices"
	"time"
)

// bound is where a slice of the log begins.
type bound struct {
	key
	// inclusive tells whether the entry at the key belongs to the slice.
	inclusive bool
}

// collector keeps those entries that come first behind a bound, in one direction. It
// bounds the memory of all that is read.
type collector struct {
	direction direction
	// behind may be nil: then the slice begins with the first entry there is.
	behind *bound
	want   int
	// window is how much time is asked for at once, in nanoseconds, where it is not 0: Loki
	// reads several parts of what it is asked for at a time, more of them than are needed
	// where all are wanted in the end. It is adjusted to what is found.
	window  int64
	records []record
}

const (
	firstWindow    = int64(time.Hour)
	shortestWindow = int64(time.Second)
)

// adjust makes the window twice as long as what was covered by the last answer.
func (c *collector) adjust(covered int64) {
	if c.window != 0 {
		c.window = max(2*covered, shortestWindow)
	}
}

// add takes entries in any order.
func (c *collector) add(records []record) {
	for i := range records {
		if c.belongs(&records[i].key) {
			c.records = append(c.records, records[i])
		}
	}
	slices.SortFunc(c.records, func(a, b record) int { return c.compare(&a.key, &b.key) })
	// Copies of an entry in several shards of a stream are one.
	c.records = slices.CompactFunc(c.records, func(a, b record) bool { return a.key == b.key })
	if len(c.records) > c.want {
		clear(c.records[c.want:])
		c.records = c.records[:c.want]
	}
}

// compare returns a negative number if a comes before b in the collector's direction.
func (c *collector) compare(a, b *key) int {
	if c.direction == backward {
		return b.compare(a)
	}
	return a.compare(b)
}

func (c *collector) belongs(k *key) bool {
	if c.behind == nil {
		return true
	}
	order := c.compare(&c.behind.key, k)
	return order < 0 || order == 0 && c.behind.inclusive
}

func (c *collector) full() bool { return len(c.records) >= c.want }

// missing is how many entries are still wanted.
func (c *collector) missing() int { return c.want - len(c.records) }
