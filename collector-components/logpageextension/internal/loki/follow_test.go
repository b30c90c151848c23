// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// happen stores entries of so long ago, of which the lines are their ages.
func (f *fake) happen(ago ...time.Duration) {
	now := time.Now()
	for _, d := range ago {
		f.entries = append(f.entries, fakeEntry{time: now.Add(-d).UnixNano(), line: d.String()})
	}
	slices.SortFunc(f.entries, func(a, b fakeEntry) int { return int(b.time - a.time) })
}

// followed are the lines that a poll sends.
func followed(t *testing.T, f *follower, back time.Duration) []string {
	t.Helper()
	lines := []string{}
	require.NoError(t, f.poll(t.Context(), back, func(batch []activities.Activity) bool {
		for i := range batch {
			lines = append(lines, batch[i].Description)
		}
		return true
	}))
	return lines
}

func newFollower(t *testing.T, f *fake) *follower {
	t.Helper()
	follower := &follower{reader: f.reader(t), sent: map[mark]struct{}{}}
	require.NoError(t, follower.begin(t.Context()))
	return follower
}

// What comes late is sent, once, by the poll that looks back so far; what was there when it
// began is not.
func TestFollowLateOnes(t *testing.T) {
	f := &fake{}
	f.happen(2*time.Second, 4*time.Minute, 59*time.Minute)
	follower := newFollower(t, f)
	require.Empty(t, followed(t, follower, activities.FollowedBack))

	f.happen(time.Second, 50*time.Second, 3*time.Minute, 50*time.Minute, 2*time.Hour)
	require.Equal(t, []string{"1s"}, followed(t, follower, backOf(1, false)))
	require.Equal(t, []string{"50s"}, followed(t, follower, backOf(5, false)))
	require.Equal(t, []string{"50m0s", "3m0s"}, followed(t, follower, backOf(15, false)))
	require.Empty(t, followed(t, follower, backOf(15, false)))
}

func TestHowFarAPollLooksBack(t *testing.T) {
	longest := 0
	for poll := 1; poll <= 60; poll++ {
		if backOf(poll, false) == activities.FollowedBack {
			longest++
		}
		require.Equal(t, activities.FollowedBack, backOf(poll, true), "what came while Loki could not be read may be late")
	}
	require.Equal(t, 4, longest, "in a minute")
}

// However much there is, what is remembered is bounded, and nothing is sent twice.
func TestFollowedIsBounded(t *testing.T) {
	f := &fake{}
	f.happenOften(maxFollowed+3*followPage, 10*time.Minute)
	follower := newFollower(t, f)
	require.LessOrEqual(t, len(follower.sent), maxFollowed)
	require.LessOrEqual(t, len(f.requests), maxFollowed/followPage, "it reads no more than it remembers")
	require.Empty(t, followed(t, follower, activities.FollowedBack))

	const rounds, some = 6, maxFollowed / 3
	sent := map[string]int{}
	for round := range rounds {
		f.happenOften(some, time.Minute-time.Duration(round)*5*time.Second)
		for _, line := range followed(t, follower, activities.FollowedBack) {
			sent[line]++
		}
		require.LessOrEqual(t, len(follower.sent), maxFollowed+followPage)
	}
	require.Len(t, sent, rounds*some)
	for line, times := range sent {
		require.Equal(t, 1, times, line)
	}
}

// happenOften stores entries of a second, so long ago, newer than all others.
func (f *fake) happenOften(n int, ago time.Duration) {
	start := time.Now().Add(-ago)
	more := make([]fakeEntry, n)
	for i := range more {
		at := start.Add(time.Duration(n-i) * time.Second / time.Duration(n))
		more[i] = fakeEntry{time: at.UnixNano(), line: fmt.Sprintf("entry %d at %d", i, at.UnixNano())}
	}
	f.entries = slices.Concat(more, f.entries)
	slices.SortFunc(f.entries, func(a, b fakeEntry) int { return int(b.time - a.time) })
}

// Follow says when it has begun, and when the log can be read again after an error.
func TestFollowSaysWhenItBegins(t *testing.T) {
	f := &fake{refuse: func(w http.ResponseWriter, _ *http.Request) bool {
		return words(w, http.StatusServiceUnavailable, "not ready")
	}}
	reader := f.reader(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	for batch, err := range reader.Follow(ctx, activities.Filter{}) {
		var lines []string
		for i := range batch {
			lines = append(lines, batch[i].Description)
		}
		switch {
		case err != nil:
			got = append(got, "an error")
			f.refuse = nil
		case len(batch) == 0:
			got = append(got, "begins")
			f.happen(10 * time.Millisecond)
			if strings.Count(strings.Join(got, " "), "begins") == 2 {
				cancel()
			}
		default:
			got = append(got, lines...)
			f.refuse = func(w http.ResponseWriter, _ *http.Request) bool {
				return words(w, http.StatusServiceUnavailable, "not ready")
			}
		}
	}
	require.Equal(t, []string{"an error", "begins", "10ms", "an error", "begins"}, got)
}
