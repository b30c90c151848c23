// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
)

func at(indexes ...uint64) []stored {
	items := make([]stored, len(indexes))
	for i, index := range indexes {
		items[i] = stored{index: index, size: uint32(100 + i)}
	}
	return items
}

func TestPlan(t *testing.T) {
	const end = item.MaxIndex
	for _, tc := range []struct {
		name     string
		items    []stored
		lastNext uint64
		want     layout
	}{
		{name: "empty", want: layout{}},
		{name: "empty keeps on counting", lastNext: 12, want: layout{first: 12, next: 12}},
		{name: "empty with absurd metadata", lastNext: math.MaxUint64, want: layout{}},
		{name: "one", items: at(5), want: layout{first: 5, next: 6, sizes: []uint32{100}}},
		{name: "without holes", items: at(5, 6, 7), lastNext: 3, want: layout{first: 5, next: 8, sizes: []uint32{100, 101, 102}}},
		{
			name: "a straggler", items: at(0, 8, 9),
			want: layout{first: 7, next: 10, sizes: []uint32{100, 101, 102}, moves: []move{{from: "0", to: 7, size: 100}}},
		},
		{
			name: "several holes", items: at(1, 3, 6, 9),
			want: layout{
				first: 6, next: 10, sizes: []uint32{102, 100, 101, 103},
				moves: []move{{from: "1", to: 7, size: 100}, {from: "3", to: 8, size: 101}},
			},
		},
		{
			name: "an index that no queue gives", items: at(4, math.MaxUint64),
			want: layout{
				first: 3, next: 5, sizes: []uint32{101, 100},
				moves: []move{{from: "18446744073709551615", to: 3, size: 101}},
			},
		},
		{
			name: "only indexes that no queue gives", items: at(end, math.MaxUint64),
			want: layout{
				first: 0, next: 2, sizes: []uint32{100, 101},
				moves: []move{{from: item.Key(end), to: 0, size: 100}, {from: "18446744073709551615", to: 1, size: 101}},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.want, plan(tc.items, tc.lastNext))
		})
	}
}

func TestPlanPutsEveryItemIntoOneRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.OneOf(
			rapid.Uint64Range(0, 40),
			rapid.Uint64(),
			rapid.SampledFrom([]uint64{0, item.MaxIndex - 1, item.MaxIndex, math.MaxUint64}),
		)
		items := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) stored {
			return stored{index: index.Draw(t, "index"), size: rapid.Uint32Range(1, 1000).Draw(t, "size")}
		}), 0, 30, func(s stored) uint64 { return s.index }).Draw(t, "items")
		slices.SortFunc(items, func(a, b stored) int { return cmp.Compare(a.index, b.index) })

		l := plan(items, rapid.Uint64().Draw(t, "lastNext"))

		where := make(map[uint64]uint32)
		for _, s := range items {
			where[s.index] = s.size
		}
		for _, m := range l.moves {
			from, ok := item.ParseKey(m.from)
			require.True(t, ok)
			require.Contains(t, where, from, "moved twice, or never there")
			require.NotContains(t, where, m.to, "would overwrite an item")
			where[m.to] = where[from]
			delete(where, from)
		}
		require.Len(t, where, len(items))
		require.Equal(t, l.next, l.first+uint64(len(items)))
		require.Len(t, l.sizes, len(items))
		for i, size := range l.sizes {
			require.Equal(t, where[l.first+uint64(i)], size)
			require.NotZero(t, size)
		}
		require.LessOrEqual(t, l.next, item.MaxIndex)
	})
}

func TestChunk(t *testing.T) {
	small := make([]move, 3*chunkItems)
	assert.Equal(t, chunkItems, chunk(small))
	assert.Equal(t, 5, chunk(small[:5]))
	assert.Equal(t, 1, chunk([]move{{size: 2 * chunkBytes}, {size: 1}}))
	assert.Equal(t, 2, chunk([]move{{size: chunkBytes / 2}, {size: chunkBytes / 2}, {size: 1}}))
}
