// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"

// window keeps the stored values of the items that the queue reads next. The queue
// reads in order: so what does not follow upon the window's last item stays out, and
// never takes the place of what is needed first.
type window struct {
	limit  int64
	bytes  int64
	first  uint64
	values [][]byte
}

func (w *window) end() uint64 { return w.first + uint64(len(w.values)) }

// follow empties the window and lets it go on with the item of that index.
func (w *window) follow(index uint64) {
	*w = window{limit: w.limit, first: index}
}

// put adds an item if it is the next one and there is room. The window keeps value.
func (w *window) put(index uint64, value []byte) {
	if index != w.end() || w.bytes+int64(len(value)) > w.limit {
		return
	}
	w.values = append(w.values, value)
	w.bytes += int64(len(value))
}

// take returns an item and forgets it and everything before it; nil if it is not there.
func (w *window) take(index uint64) []byte {
	if index < w.first || index >= w.end() {
		return nil
	}
	n := index - w.first
	value := w.values[n]
	for i := range n + 1 {
		w.bytes -= int64(len(w.values[i]))
		w.values[i] = nil
	}
	w.values = w.values[n+1:]
	w.first = index + 1
	return value
}

// drop forgets an item that was deleted.
func (w *window) drop(index uint64) {
	if index < w.first || index >= w.end() {
		return
	}
	w.bytes -= int64(len(w.values[index-w.first]))
	w.values[index-w.first] = nil
}
