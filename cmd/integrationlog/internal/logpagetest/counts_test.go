// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// A count has what lies at its start, to the nanosecond, and not what lies at its end.
func TestBorders(t *testing.T) {
	l := startLoki(t, t.TempDir())
	reader := l.reader(t)
	random := rand.New(rand.NewPCG(5, 6))
	base := time.Now().Add(-30 * time.Hour).Truncate(6 * time.Hour)
	var stored []logpagetest.Activity
	var moments []time.Time
	for _, border := range []time.Duration{0, time.Hour, 6 * time.Hour, 6*time.Hour + 13*time.Minute + 17*time.Second, 12 * time.Hour, 12*time.Hour + 345678*time.Nanosecond} {
		for _, off := range []time.Duration{-time.Millisecond, -1, 0, 1, time.Millisecond} {
			moments = append(moments, base.Add(border+off))
			stored = append(stored, randomActivity(random, base.Add(border+off)))
		}
	}
	l.push(t, stored...)
	ledger := logpagetest.NewLedger(time.Now, stored...)
	for i, start := range moments {
		for _, end := range moments[i:] {
			filter := logpagetest.Filter{Start: start, End: end, Statuses: []string{"info", "error", "warning", "debug"}}
			want := all(t, ledger, filter)
			same(t, want, all(t, reader, filter))
			products, err := reader.Products(t.Context(), filter)
			require.NoError(t, err)
			counted := 0
			for _, product := range products {
				counted += product.Activities
			}
			require.Equal(t, len(want), counted, "%s to %s", start, end)
		}
		for _, step := range []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 17 * time.Minute} {
			filter := logpagetest.Filter{Start: start, End: base.Add(24 * time.Hour)}
			got, err := reader.Volume(t.Context(), filter, step)
			require.NoError(t, err)
			want := bars(all(t, ledger, filter), filter, step)
			require.Len(t, got, len(want))
			for bar := range want {
				require.Equal(t, want[bar], got[bar].ByStatus, "%s, bar %d of %s", start, bar, step)
			}
		}
	}
}

// bars counts activities. Loki counts in milliseconds: where two bars meet, an activity
// belongs to the bar of the next whole one. Where the first begins and the last ends it
// counts to the nanosecond.
func bars(activities []logpagetest.Activity, filter logpagetest.Filter, step time.Duration) []map[string]int {
	var list []map[string]int
	for start := filter.Start; start.Before(filter.End); start = start.Add(step) {
		list = append(list, map[string]int{})
	}
	for _, a := range activities {
		at := len(list) - 1
		for at > 0 && ceil(a.Time).Before(ceil(filter.Start.Add(time.Duration(at)*step))) {
			at--
		}
		list[at][a.Status]++
	}
	return list
}

func ceil(t time.Time) time.Time {
	return t.Add(time.Millisecond - 1).Truncate(time.Millisecond)
}

// What was counted is kept for some seconds where it lies back. Records of the last hours
// are counted at once.
func TestLateRecordsAreCounted(t *testing.T) {
	t.Parallel() // most of it is waiting
	l := startLoki(t, t.TempDir())
	reader := l.reader(t)
	random := rand.New(rand.NewPCG(7, 8))
	now := time.Now()
	filter := logpagetest.Filter{Start: now.Add(-7 * 24 * time.Hour), End: now}
	count := func() (activities, errors int) {
		products, err := reader.Products(t.Context(), filter)
		require.NoError(t, err)
		for _, product := range products {
			activities += product.Activities
			errors += product.Errors
		}
		return activities, errors
	}
	want, wantErrors := 0, 0
	for i := range 60 {
		late := time.Duration(random.Int64N(int64(6*24*time.Hour + 23*time.Hour)))
		if i%2 == 0 {
			late = time.Duration(random.Int64N(int64(time.Hour)))
		}
		a := randomActivity(random, now.Add(-late))
		l.push(t, a)
		want++
		if a.Status == "error" {
			wantErrors++
		}
		switch i % 20 {
		case 18:
			// Others are counted, and kept, before the next comes.
			activities, errors := count()
			require.LessOrEqual(t, activities, want)
			require.LessOrEqual(t, errors, wantErrors)
		case 19:
			l.post(t, "/flush", nil)
			require.Eventually(t, func() bool {
				activities, errors := count()
				return activities == want && errors == wantErrors
			}, 30*time.Second, time.Second)
		}
	}
	for range 5 {
		l.push(t, randomActivity(random, now.Add(-time.Second)))
		want++
		activities, _ := count()
		require.Equal(t, want, activities)
	}
	filter.Start = now.Add(-30 * 24 * time.Hour) // beyond max_query_lookback
	activities, _ := count()
	require.Equal(t, want, activities)
	bars, err := reader.Volume(t.Context(), filter, 5*time.Hour)
	require.NoError(t, err)
	for _, bar := range bars {
		for _, n := range bar.ByStatus {
			want -= n
		}
	}
	require.Zero(t, want)
}
