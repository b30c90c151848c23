// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"

// maxGap bounds how far an index may lie ahead of the others. A queue counts by one;
// it leaves a gap only where a put failed.
const maxGap = 1 << 20

// run remembers the sizes of the items that the queue has yet to read, so that reading
// ahead is bounded in bytes. Its indexes are contiguous; size 0 stands for a hole.
type run struct {
	first uint64
	sizes []uint32
}

func (r *run) end() uint64 { return r.first + uint64(len(r.sizes)) }

// put adds an item; one that does not fit into the run is not remembered, which costs
// no more than a read of its own.
func (r *run) put(index uint64, size int) {
	if len(r.sizes) == 0 {
		r.first = index
	}
	if index < r.first || index >= r.end()+maxGap {
		return
	}
	for r.end() <= index {
		r.sizes = append(r.sizes, 0)
	}
	r.sizes[index-r.first] = uint32(min(max(size, 1), 1<<31))
}

func (r *run) has(index uint64) bool { return r.size(index) != 0 }

func (r *run) size(index uint64) uint32 {
	if index < r.first || index >= r.end() {
		return 0
	}
	return r.sizes[index-r.first]
}

// read forgets the item and everything before it: the queue reads in order.
func (r *run) read(index uint64) {
	if index < r.first {
		return
	}
	n := min(index-r.first+1, uint64(len(r.sizes)))
	r.sizes = r.sizes[n:]
	r.first += n
}

// ahead returns the indexes from index on, itself included, up to the next hole, whose
// items are no more than limit bytes together.
func (r *run) ahead(index uint64, limit int64, count int) []uint64 {
	indexes := []uint64{index}
	total := int64(r.size(index))
	for next := index + 1; next < r.end() && len(indexes) < count; next++ {
		size := r.size(next)
		if total += int64(size); size == 0 || total > limit {
			break
		}
		indexes = append(indexes, next)
	}
	return indexes
}
