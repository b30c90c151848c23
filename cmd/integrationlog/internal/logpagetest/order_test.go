// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// equals are so many activities of one nanosecond. Some have no id, some share one.
func equals(random *rand.Rand, at time.Time, n int, withID bool) []logpagetest.Activity {
	list := make([]logpagetest.Activity, n)
	for i := range list {
		a := randomActivity(random, at)
		switch {
		case !withID:
			a.ID = ""
			a.Description = fmt.Sprintf("%s %d", a.Description, i)
		case i%10 == 0:
			a.ID = "shared"
			a.Description = fmt.Sprintf("shared %d", i)
		default:
			a.ID = fmt.Sprintf("shop-%08x", random.Uint32())
		}
		list[i] = logpagetest.WithAttributes(a)
	}
	return list
}

// Loki gives 5,000 entries at most, and of one nanosecond it gives any.
func TestMoreOfOneNanosecondThanAnAnswerHas(t *testing.T) {
	l := startLoki(t, t.TempDir())
	reader := l.reader(t)
	random := rand.New(rand.NewPCG(3, 4))
	now := time.Now()
	many, few := now.Add(-2*time.Hour).Truncate(time.Second), now.Add(-time.Hour).Truncate(time.Second)
	stored := slices.Concat(
		equals(random, many, 12_000, true),
		equals(random, few, 5_200, false),
		equals(random, few.Add(1), 1, true), equals(random, few.Add(-1), 1, true),
		equals(random, many.Add(1), 3, true), equals(random, many.Add(-1), 3, true),
	)
	l.push(t, stored...)
	filter := logpagetest.Filter{Start: now.Add(-24 * time.Hour), End: now}
	want := logpagetest.NewLedger(time.Now, stored...)

	exported := all(t, reader, filter)
	same(t, all(t, want, filter), exported)
	t.Run("older", func(t *testing.T) {
		for _, limit := range []int{2311, 5000} {
			require.Equal(t, positions(exported), positions(pages(t, reader, filter, limit)))
		}
	})
	t.Run("newer", func(t *testing.T) {
		last := len(exported) - 1
		require.Equal(t, positions(exported[:last]), positions(pagesBack(t, reader, filter, exported[last].Position, 3331)))
	})
	t.Run("filtered", func(t *testing.T) {
		filter := filter
		filter.Products, filter.Search = []string{"zis", "shopify"}, "shared"
		same(t, all(t, want, filter), pages(t, reader, filter, 50))
	})
	t.Run("small pages within", func(t *testing.T) {
		slice := logpagetest.Slice{Limit: 20, Older: exported[9000].Position}
		page, err := reader.Page(t.Context(), filter, slice)
		require.NoError(t, err)
		require.Equal(t, positions(exported[9001:9021]), positions(page.Activities))
		require.True(t, page.HasNewer && page.HasOlder)
		slice = logpagetest.Slice{Limit: 20, Newer: exported[9000].Position}
		page, err = reader.Page(t.Context(), filter, slice)
		require.NoError(t, err)
		require.Equal(t, positions(exported[8980:9000]), positions(page.Activities))
	})
	t.Run("one by one", func(t *testing.T) {
		for _, i := range []int{0, 1, 3000, 5200, 6000, 17_000, len(exported) - 1} {
			got, ok, err := reader.Activity(t.Context(), exported[i].Position)
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, exported[i], got)
		}
	})
	t.Run("others arrive between the pages", func(t *testing.T) {
		var list []logpagetest.Activity
		for slice := (logpagetest.Slice{Limit: 4000}); ; {
			page, err := reader.Page(t.Context(), filter, slice)
			require.NoError(t, err)
			list = append(list, page.Activities...)
			if !page.HasOlder {
				break
			}
			slice.Older = list[len(list)-1].Position
			l.push(t, slices.Concat(equals(random, many, 50, true), equals(random, few.Add(time.Minute), 50, true))...)
		}
		seen := map[logpagetest.Position]int{}
		for _, a := range list {
			seen[a.Position]++
			require.Equal(t, 1, seen[a.Position])
		}
		for _, a := range exported {
			require.Equal(t, 1, seen[a.Position])
		}
	})
}

func positions(activities []logpagetest.Activity) []logpagetest.Position {
	list := make([]logpagetest.Position, len(activities))
	for i := range activities {
		list[i] = activities[i].Position
	}
	return list
}
