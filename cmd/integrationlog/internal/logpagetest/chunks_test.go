// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// Each page ends with the last record of a chunk on disk, at a whole second, as the sources of
// most products tell it.
func TestPagesThatEndWithChunks(t *testing.T) {
	l := startLoki(t, t.TempDir())
	random := rand.New(rand.NewPCG(5, 6))
	now := time.Now()
	var stored []logpagetest.Activity
	for hour := range 12 {
		last := randomActivity(random, now.Truncate(time.Hour).Add(-time.Duration(hour)*time.Hour-30*time.Minute))
		first := last
		last.ID, first.ID = fmt.Sprint("last-", hour), fmt.Sprint("first-", hour)
		first.Time = last.Time.Add(-time.Millisecond)
		stored = append(stored, logpagetest.WithAttributes(last), logpagetest.WithAttributes(first))
	}
	l.push(t, stored...)
	harness.NewLoki(string(l)).LetGo(t, time.Minute)
	reader, want := l.reader(t), logpagetest.NewLedger(time.Now, stored...)
	filter := logpagetest.Filter{Start: stored[len(stored)-1].Time, End: now}
	exported := all(t, want, filter)
	require.Len(t, exported, len(stored))
	same(t, exported, all(t, reader, filter))
	for _, limit := range []int{1, 2, 5} {
		same(t, exported, pages(t, reader, filter, limit))
	}
	for _, listed := range all(t, reader, filter) {
		got, ok, err := reader.Activity(t.Context(), listed.Position)
		require.NoError(t, err)
		require.True(t, ok, listed.Time)
		require.Equal(t, listed, got)
	}
}
