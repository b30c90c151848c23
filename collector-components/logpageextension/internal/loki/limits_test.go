// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

func read(t *testing.T, reader *Reader, filter activities.Filter) []activities.Activity {
	t.Helper()
	var list []activities.Activity
	for a, err := range reader.All(t.Context(), filter) {
		require.NoError(t, err)
		list = append(list, a)
	}
	return list
}

func TestLokiAllowsFewerEntries(t *testing.T) {
	f := &fake{entries: fakeEntries(1000), refuse: func(w http.ResponseWriter, r *http.Request) bool {
		return number(r, "limit") > 300 && words(w, http.StatusBadRequest, "max entries limit per query exceeded, limit > max_entries_limit_per_query (%d > 300)", number(r, "limit"))
	}}
	reader := f.reader(t)
	assert.Len(t, read(t, reader, filterOfDay()), 1000)
	refused := 0
	for _, r := range f.requests {
		if number(&r, "limit") > 300 {
			refused++
		}
	}
	assert.Equal(t, 1, refused, "it is learned once")
}

func TestLokiAllowsLessTime(t *testing.T) {
	f := &fake{entries: fakeEntries(1000), refuse: func(w http.ResponseWriter, r *http.Request) bool {
		return number(r, "end")-number(r, "start") > int64(5*time.Hour) && words(w, http.StatusBadRequest, "the query time range exceeds the limit (query length: 100h, limit: 5h)")
	}}
	assert.Len(t, read(t, f.reader(t), activities.Filter{Start: time.Now().Add(-100 * time.Hour)}), 1000)
}

func TestALimitThatCannotBeKept(t *testing.T) {
	for _, reason := range []string{"the query time range exceeds the limit", "max entries limit per query exceeded, limit > max_entries_limit_per_query (51 > 0)"} {
		f := &fake{refuse: func(w http.ResponseWriter, _ *http.Request) bool {
			return words(w, http.StatusBadRequest, "%s", reason)
		}}
		_, err := pageOf(t, f.reader(t))
		var unavailable *activities.UnavailableError
		require.ErrorAs(t, err, &unavailable)
		assert.Less(t, len(f.requests), 20)
	}
}

func TestLargeRecordsAreReadInSmallerAnswers(t *testing.T) {
	f := &fake{entries: fakeEntries(40)}
	for i := range f.entries {
		f.entries[i].line += strings.Repeat("y", 2<<20)
	}
	f.refuse = func(w http.ResponseWriter, r *http.Request) bool {
		// What Loki's own parts cannot pass on.
		return number(r, "limit") > 30 && words(w, http.StatusInternalServerError, "rpc error: received message larger than max (1 vs. 0)")
	}
	assert.Len(t, read(t, f.reader(t), filterOfDay()), 40)

	f.entries = []fakeEntry{{time: time.Now().Add(-time.Hour).UnixNano(), line: strings.Repeat("y", maxAnswer)}}
	_, err := pageOf(t, f.reader(t))
	var unavailable *activities.UnavailableError
	require.ErrorAs(t, err, &unavailable)
	assert.Equal(t, activities.Refused, unavailable.Reason)
}

func TestMoreAlikeThanAnAnswerHas(t *testing.T) {
	entry := fakeEntry{time: time.Now().Add(-time.Hour).UnixNano(), line: "x"}
	f := &fake{}
	for range 2000 {
		f.entries = append(f.entries, entry)
	}
	_, err := pageOf(t, f.reader(t))
	require.ErrorIs(t, err, errAlike, "it ends")
}

func TestSteps(t *testing.T) {
	reader := (&fake{}).reader(t)
	for _, step := range []time.Duration{0, -time.Hour, time.Microsecond, time.Second + 1, time.Second} {
		_, err := reader.Volume(t.Context(), filterOfDay(), step)
		require.Error(t, err, step)
	}
}

func TestFinerSteps(t *testing.T) {
	for step, want := range map[time.Duration]int{
		time.Millisecond: 1, time.Minute: 1, 10 * time.Minute: 1, 11 * time.Minute: 2, time.Hour: 6,
		24 * time.Hour: 144, 97 * time.Minute: 10, 600_001 * time.Millisecond: 19, 7_919_003 * time.Millisecond: 0,
	} {
		assert.Equal(t, want, finer(step), step)
	}
}
