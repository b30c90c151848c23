// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitiestest

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

var now = time.Date(2026, time.November, 27, 5, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// Pages that follow each other have neither a double nor a gap, whatever is added meanwhile.
func TestPages(t *testing.T) {
	log := New(clock)
	for i := range 100 {
		log.Add(activities.Activity{Time: now, Product: "zis", Status: "info", ID: strconv.Itoa(i)})
	}
	seen := map[activities.Position]bool{}
	slice := activities.Slice{Limit: 7}
	var first activities.Position
	for {
		page, err := log.Page(t.Context(), activities.Filter{}, slice)
		require.NoError(t, err)
		require.Equal(t, slice.Older != "", page.HasNewer)
		if first == "" {
			first = page.Activities[0].Position
		}
		for _, a := range page.Activities {
			require.False(t, seen[a.Position])
			seen[a.Position] = true
		}
		log.Add(activities.Activity{Time: now.Add(time.Second), Product: "zis", Status: "info", ID: "later" + strconv.Itoa(len(seen))})
		if !page.HasOlder {
			break
		}
		slice.Older = page.Activities[len(page.Activities)-1].Position
	}
	require.Len(t, seen, 100)
	page, err := log.Page(t.Context(), activities.Filter{}, activities.Slice{Newer: first, Limit: 3})
	require.NoError(t, err)
	require.Len(t, page.Activities, 3)
	require.True(t, page.HasNewer)
	require.True(t, page.HasOlder)
	_, err = log.Page(t.Context(), activities.Filter{}, activities.Slice{Older: "nowhere", Limit: 3})
	require.ErrorIs(t, err, activities.ErrPosition)
}

func TestFollow(t *testing.T) {
	log := New(clock, activities.Activity{Time: now, Product: "zis", ID: "before"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	following := log.Follow(ctx, activities.Filter{Products: []string{"zis"}, End: now})
	log.Add(
		activities.Activity{Time: now.Add(2 * time.Second), Product: "zis", ID: "2"},
		activities.Activity{Time: now.Add(time.Second), Product: "zis", ID: "1"},
		activities.Activity{Time: now.Add(time.Second), Product: "shopify", ID: "3"},
		activities.Activity{Time: now.Add(-activities.FollowedBack), Product: "zis", ID: "late"},
		activities.Activity{Time: now.Add(-activities.FollowedBack - 1), Product: "zis", ID: "too late"},
	)
	var batches [][]string
	for batch, err := range following {
		require.NoError(t, err)
		ids := []string{}
		for _, a := range batch {
			ids = append(ids, a.ID)
		}
		batches = append(batches, ids)
		if len(batches) == 2 {
			cancel()
		}
	}
	require.Equal(t, [][]string{{}, {"late", "1", "2"}}, batches)
}

// The week is the same for the same time, and every count of it agrees with the others.
func TestWeek(t *testing.T) {
	again := Week(now)
	require.Equal(t, again, Week(now))
	log := New(clock, Week(now)...)
	all := 0
	for a, err := range log.All(t.Context(), activities.Filter{}) {
		require.NoError(t, err)
		require.NotEmpty(t, a.Description)
		require.False(t, a.Time.After(now))
		all++
	}
	require.Greater(t, all, 1500)

	week := activities.Filter{Start: now.Add(-7 * day), End: now}
	products, err := log.Products(t.Context(), week)
	require.NoError(t, err)
	counted, errors := 0, 0
	for _, product := range products {
		counted += product.Activities
		errors += product.Errors
	}
	require.Equal(t, all, counted)
	bars, err := log.Volume(t.Context(), week, time.Hour)
	require.NoError(t, err)
	for _, bar := range bars {
		for _, n := range bar.ByStatus {
			counted -= n
		}
	}
	require.Zero(t, counted)
	groups, more, err := log.Groups(t.Context(), activities.Filter{Statuses: []string{"error"}}, 100)
	require.NoError(t, err)
	require.False(t, more)
	for i := range groups {
		errors -= groups[i].Count
	}
	require.Zero(t, errors)
	sources, err := log.Sources(t.Context())
	require.NoError(t, err)
	require.Len(t, sources, len(products))
}
