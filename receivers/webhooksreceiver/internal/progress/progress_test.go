// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

const overlap = 10 * time.Minute

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func row(id, status string, at time.Time) zendesk.Invocation {
	return zendesk.Invocation{ID: id, Status: status, CompletedAt: at.Format(time.RFC3339), Time: at}
}

func TestWindow(t *testing.T) {
	p := New(noon.Add(-time.Hour), overlap)
	assert.Equal(t, noon.Add(-time.Hour), p.From(noon, overlap))
	p.Advance(noon.Add(500*time.Millisecond), overlap)
	assert.Equal(t, noon.Add(-overlap), p.From(noon, overlap))
	p.Advance(noon.Add(-time.Hour), overlap)
	assert.Equal(t, noon.Add(-overlap), p.From(noon, overlap), "it never goes back")
	p.Advance(time.Time{}, overlap)
	assert.Equal(t, noon.Add(-overlap), p.From(noon, overlap))

	later := noon.Add(30 * 24 * time.Hour)
	assert.Equal(t, later.Add(time.Minute-zendesk.Retention), p.From(later, overlap), "not before what Zendesk keeps")
	assert.Equal(t, noon.Add(time.Minute-zendesk.Retention), New(noon.Add(-zendesk.Retention), overlap).From(noon, overlap))
}

func TestSeen(t *testing.T) {
	p := New(noon, overlap)
	rows := []zendesk.Invocation{row("I1", "throttled", noon), row("I1", "terminated", noon), row("I2", "throttled", noon.Add(time.Second))}
	p.Take(rows[:2])
	p.Take(rows[:2])
	assert.True(t, p.Seen(rows[0]))
	assert.True(t, p.Seen(rows[1]))
	assert.False(t, p.Seen(rows[2]))
	assert.False(t, p.Seen(row("I1", "throttled", noon.Add(time.Second))), "the same state, at another time")
	assert.Equal(t, 2, p.count)

	p.Advance(noon.Add(overlap), overlap)
	assert.True(t, p.Seen(rows[0]), "the next window begins there")
	p.Advance(noon.Add(overlap+time.Second), overlap)
	assert.False(t, p.Seen(rows[0]), "forgotten")
	assert.Zero(t, p.count)
}

func TestBounded(t *testing.T) {
	p := New(noon, overlap)
	var rows []zendesk.Invocation
	for i := range maxSeen + 1000 {
		rows = append(rows, row(fmt.Sprint(i), "success", noon.Add(time.Duration(i/1000)*time.Second)))
	}
	p.Take(rows)
	p.Advance(noon, overlap)
	assert.Equal(t, maxSeen, p.count)
	assert.False(t, p.Seen(rows[0]), "the oldest are forgotten")
	assert.True(t, p.Seen(rows[len(rows)-1]))
}

func TestJSON(t *testing.T) {
	p := New(noon, overlap)
	for i := range 100 {
		p.Take([]zendesk.Invocation{row(fmt.Sprint(i), "success", noon.Add(time.Duration(i%7)*time.Second))})
	}
	content, err := json.Marshal(p)
	require.NoError(t, err)
	again, err := json.Marshal(p)
	require.NoError(t, err)
	assert.Equal(t, string(content), string(again))

	var q Progress
	require.NoError(t, json.Unmarshal(content, &q))
	assert.Equal(t, p.count, q.count)
	assert.Equal(t, p.seen, q.seen)
	assert.True(t, p.until.Equal(q.until))

	for _, bad := range []string{"{}", "[]", `{"until":5}`, `{"until":"2026-11-26T12:00:00Z","seen":{"x":[]}}`, `{"seen":{}}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &q), bad)
	}
}

// BenchmarkSave is what a poll writes for a webhook that is called 100 times a minute.
func BenchmarkSave(b *testing.B) {
	p := New(noon, overlap)
	for i := range 1000 {
		p.Take([]zendesk.Invocation{row(fmt.Sprint(i), "success", noon.Add(time.Duration(i)*600*time.Millisecond))})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(p); err != nil {
			b.Fatal(err)
		}
	}
}
