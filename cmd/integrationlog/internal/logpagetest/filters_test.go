// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// Every filter, alone and together, shows what a log in memory shows.
func TestFilters(t *testing.T) {
	l := startLoki(t, t.TempDir())
	reader := l.reader(t)
	random := rand.New(rand.NewPCG(1, 2))
	now := time.Now().Truncate(time.Second)
	const days = 3
	stored := make([]logpagetest.Activity, 2000)
	for i := range stored {
		at := now.Add(-time.Duration(random.Int64N(int64(days * 24 * time.Hour))))
		if i%3 == 0 {
			at = at.Truncate(6 * time.Hour) // many at one time, and on the borders of hours
		}
		stored[i] = randomActivity(random, at)
	}
	l.push(t, stored...)
	ledger := logpagetest.NewLedger(func() time.Time { return now }, stored...)

	whole := logpagetest.Filter{Start: now.Add(-days * 24 * time.Hour), End: now}
	filters := map[string]logpagetest.Filter{"none": whole}
	for i := range 25 {
		start := whole.Start.Add(time.Duration(random.Int64N(int64(24 * time.Hour))))
		end := now.Add(-time.Duration(random.Int64N(int64(24 * time.Hour))))
		if i%3 == 0 {
			start, end = start.Truncate(time.Hour), end.Truncate(time.Hour)
		}
		filters[fmt.Sprint("random ", i)] = randomFilter(random, start, end)
	}
	for _, word := range words {
		filter := whole
		filter.Search = word
		filters[fmt.Sprintf("search %q", word)] = filter
	}
	chosen := 0
	for name, filter := range filters {
		t.Run(name, func(t *testing.T) {
			want := all(t, ledger, filter)
			chosen += len(want)
			same(t, want, all(t, reader, filter))
			same(t, want, pages(t, reader, filter, 1+len(want)/3))
			sameCounts(t, ledger, reader, filter)
		})
	}
	require.Greater(t, chosen, 3*len(stored))

	t.Run("sources", func(t *testing.T) {
		want, err := ledger.Sources(t.Context())
		require.NoError(t, err)
		got, err := reader.Sources(t.Context())
		require.NoError(t, err)
		require.Len(t, got, len(want))
		for i := range want {
			assert.True(t, want[i].First.Equal(got[i].First))
			assert.True(t, want[i].Last.Equal(got[i].Last))
			assert.True(t, want[i].LastSuccess.Equal(got[i].LastSuccess))
			// The last day ends with now, which is another one there.
			assert.InDelta(t, want[i].Activities, got[i].Activities, 20)
			assert.Equal(t, want[i].Product, got[i].Product)
		}
	})
	t.Run("activity", func(t *testing.T) {
		for _, a := range all(t, reader, whole)[:200] {
			got, ok, err := reader.Activity(t.Context(), a.Position)
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, a, got)
		}
	})
}

// sameCounts compares what is counted.
func sameCounts(t *testing.T, ledger, reader logpagetest.Reader, filter logpagetest.Filter) {
	t.Helper()
	wantProducts, err := ledger.Products(t.Context(), filter)
	require.NoError(t, err)
	products, err := reader.Products(t.Context(), filter)
	require.NoError(t, err)
	assert.Equal(t, wantProducts, products)

	wantValues, err := ledger.Values(t.Context(), filter)
	require.NoError(t, err)
	values, err := reader.Values(t.Context(), filter)
	require.NoError(t, err)
	assert.Equal(t, wantValues, values)

	for _, step := range []time.Duration{time.Hour, 24 * time.Hour, 97 * time.Minute} {
		want, err := ledger.Volume(t.Context(), filter, step)
		require.NoError(t, err)
		got, err := reader.Volume(t.Context(), filter, step)
		require.NoError(t, err)
		require.Len(t, got, len(want))
		for i := range want {
			require.True(t, want[i].Start.Equal(got[i].Start))
			require.Equal(t, want[i].ByStatus, got[i].ByStatus, "bar %d of %s", i, step)
		}
	}
	sameGroups(t, ledger, reader, filter)
}

func sameGroups(t *testing.T, ledger, reader logpagetest.Reader, filter logpagetest.Filter) {
	t.Helper()
	const limit = 10
	want, wantMore, err := ledger.Groups(t.Context(), filter, 10_000)
	require.NoError(t, err)
	require.False(t, wantMore)
	got, more, err := reader.Groups(t.Context(), filter, limit)
	require.NoError(t, err)
	require.Equal(t, len(want) > limit, more)
	require.Len(t, got, min(limit, len(want)))
	for i, group := range got {
		require.Equal(t, want[i].Count, group.Count, "the most frequent first")
		found := false
		for _, other := range want {
			latest := other.Latest
			other.Latest = group.Latest
			if fmt.Sprint(other) == fmt.Sprint(group) {
				found = true
				require.True(t, latest.Time.Equal(group.Latest.Time))
			}
		}
		require.True(t, found, group)
		require.Len(t, all(t, reader, filterOf(filter, group)), group.Count)
	}
}

// filterOf chooses the failures of a group.
func filterOf(filter logpagetest.Filter, group logpagetest.Group) logpagetest.Filter {
	filter.Products, filter.Statuses = []string{group.Product}, []string{group.Status}
	filter.ErrorType, filter.ErrorCode, filter.HTTPStatusCode = group.ErrorType, group.ErrorCode, group.HTTPStatusCode
	filter.Types, filter.Integrations, filter.Without = []string{group.Type}, []string{group.Integration}, nil
	for field, value := range map[logpagetest.Field]string{
		"type": group.Type, "integration": group.Integration, "error_type": group.ErrorType, "error_code": group.ErrorCode,
	} {
		if value == "" {
			filter.Without = append(filter.Without, field)
		}
	}
	if group.HTTPStatusCode == 0 {
		filter.Without = append(filter.Without, "http_status_code")
	}
	if group.Type == "" {
		filter.Types = nil
	}
	if group.Integration == "" {
		filter.Integrations = nil
	}
	return filter
}
