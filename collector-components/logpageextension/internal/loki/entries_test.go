// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Loki is asked from a nanosecond before a whole millisecond on. What is there belongs to
// another window, however much it is.
func TestEntriesOfTheNanosecondBefore(t *testing.T) {
	startNano := time.Now().Add(-time.Hour).Truncate(time.Second).UnixNano()
	for _, before := range []int{0, 1, 20, 6000} {
		f := &fake{entries: []fakeEntry{{startNano + 1, "b"}, {startNano, "a"}}}
		for range before {
			f.entries = append(f.entries, fakeEntry{startNano - 1, "x"})
		}
		reader := f.reader(t)
		for _, d := range []direction{forward, backward} {
			records, cut, err := reader.entries(t.Context(), queryOf(filterOfDay()), span{startNano, startNano + 10}, 5, d)
			require.NoError(t, err)
			assert.False(t, cut, "%d before, %s", before, d)
			var lines string
			for _, entry := range records {
				lines += entry.line
			}
			assert.Equal(t, map[direction]string{forward: "ab", backward: "ba"}[d], lines, "%d before, %s", before, d)
		}
		assert.Equal(t, startNano-1, number(&f.requests[0], "start"))
	}
}
