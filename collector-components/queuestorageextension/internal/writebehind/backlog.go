// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"

import "sync/atomic"

// backlog counts the items of an earlier process that were not delivered yet. Each
// counts once, however often the queue deletes it.
type backlog struct {
	first     uint64
	delivered []bool
	left      int64
	// total is the count over all queues of the extension.
	total *atomic.Int64
}

func newBacklog(first uint64, items int, total *atomic.Int64) *backlog {
	total.Add(int64(items))
	return &backlog{first: first, delivered: make([]bool, items), left: int64(items), total: total}
}

// done notes that the queue is done with an item.
func (b *backlog) done(index uint64) {
	if index < b.first || index-b.first >= uint64(len(b.delivered)) || b.delivered[index-b.first] {
		return
	}
	b.delivered[index-b.first] = true
	b.left--
	b.total.Add(-1)
	if b.left == 0 {
		b.delivered = nil
	}
}

// close takes what is left out of the total: the next process will count it.
func (b *backlog) close() {
	b.total.Add(-b.left)
	b.left, b.delivered = 0, nil
}
