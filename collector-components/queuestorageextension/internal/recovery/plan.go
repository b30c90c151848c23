// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package recovery // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/recovery"

import (
	"slices"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
)

// move takes one item to another index.
type move struct {
	from string
	to   uint64
	size uint32
}

// layout is where the items shall lie: without a hole from first to next, because the
// queue counts from its read index to its write index and takes a hole for an item.
type layout struct {
	first, next uint64
	// sizes of the items, in the order of their indexes.
	sizes []uint32
	moves []move
}

// plan moves as few items as it can: those that lie outside the run of indexes that
// ends with the newest item go into that run's holes. Items must be sorted by index,
// each index once; lastNext is the write index of old and used when there are none.
func plan(items []stored, lastNext uint64) layout {
	count := uint64(len(items))
	if count == 0 {
		next := lastNext
		if next >= item.MaxIndex {
			next = 0
		}
		return layout{first: next, next: next}
	}

	next := max(newest(items)+1, count)
	l := layout{first: next - count, next: next, sizes: make([]uint32, count)}
	var outside []stored
	for _, s := range items {
		if s.index < l.first || s.index >= l.next {
			outside = append(outside, s)
			continue
		}
		l.sizes[s.index-l.first] = s.size
	}
	for i, size := range l.sizes {
		if size != 0 {
			continue
		}
		l.sizes[i] = outside[0].size
		l.moves = append(l.moves, move{from: item.Key(outside[0].index), to: l.first + uint64(i), size: outside[0].size})
		outside = outside[1:]
	}
	return l
}

// newest is the highest index that a queue may have given; 0 if there is none.
func newest(items []stored) uint64 {
	for _, s := range slices.Backward(items) {
		if s.index < item.MaxIndex {
			return s.index
		}
	}
	return 0
}

// appendQuarantined puts the items from the quarantine behind the last one.
func (l *layout) appendQuarantined(items []quarantined) {
	for _, q := range items {
		l.moves = append(l.moves, move{from: q.key, to: l.next, size: q.size})
		l.sizes = append(l.sizes, q.size)
		l.next++
	}
}
