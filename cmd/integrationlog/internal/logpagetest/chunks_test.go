// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// letGo lets Loki write all that it has to disk.
func (l loki) letGo(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		response, err := http.Post(string(l)+"/flush", "", nil)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		response, err = http.Get(string(l) + "/metrics")
		require.NoError(t, err)
		defer response.Body.Close()
		metrics, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return strings.Contains(string(metrics), "\nloki_ingester_memory_streams{tenant=\"fake\"} 0\n")
	}, time.Minute, 50*time.Millisecond)
}

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
	l.letGo(t)
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
