// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestAKillLosesNothing(t *testing.T) {
	t.Parallel()
	cfg := processConfig{directory: t.TempDir()}
	var acknowledged []activity.Activity
	for round := range 3 {
		p := startProcess(t, cfg)
		if round > 0 {
			assertStoredOnce(t, p.loki, acknowledged)
		}
		load := startLoad(t, string(p.loki)+"/otlp/v1/logs", fmt.Sprintf("round-%d", round))
		load.await(t, 300)
		p.signal(t, syscall.SIGKILL)
		p.awaitExit(t)
		acknowledged = append(acknowledged, load.stop()...)
	}

	p := startProcess(t, cfg)
	assertStoredOnce(t, p.loki, acknowledged)
	before := p.loki.count(t)
	for batch := range slices.Chunk(acknowledged, 100) {
		p.loki.push(t, batch...)
	}
	assert.Equal(t, before, p.loki.count(t), "what the log was read back from is known again")
	p.stop(t)
}

// assertStoredOnce fails unless each of the records is stored, and nothing twice.
// There may be more than were acknowledged: a record can be stored and its answer lost.
func assertStoredOnce(t *testing.T, loki lokiClient, acknowledged []activity.Activity) {
	t.Helper()
	require.NotEmpty(t, acknowledged)
	stored := loki.ids(t, all)
	slices.Sort(stored)
	assert.Len(t, slices.Compact(slices.Clone(stored)), len(stored), "nothing is stored twice")
	assert.Subset(t, stored, idsOf(acknowledged), "nothing is lost")
	assert.Equal(t, len(stored), loki.count(t), "the count agrees with the list")
}

func TestTwoProcessesOnOneDirectory(t *testing.T) {
	t.Parallel()
	cfg := processConfig{directory: t.TempDir()}
	first := startProcess(t, cfg)
	second := launchProcess(t, cfg)
	assert.Equal(t, 1, second.awaitExit(t))
	assert.Contains(t, second.output.String(), "is in use by another process")
	first.stop(t)
}

// A process is killed while it writes a record of several pages to its log, and a file of the
// index; the next one acknowledges more, and is killed as well. A kill at just that moment
// is rare, so its traces are made here.
func TestTornFilesCostNothing(t *testing.T) {
	cfg := testConfig(t.TempDir())
	var ids []string
	for _, id := range []string{"before", "between", "after"} {
		ext, loki := startLoki(t, cfg)
		loki.push(t, happened(id, time.Minute))
		ids = append(ids, id)
		assert.ElementsMatch(t, ids, loki.ids(t, all))
		stopLoki(t, ext)
		tearLog(t, filepath.Join(cfg.Directory, "wal"))
		index := filepath.Join(cfg.Directory, "chunks", "index", fmt.Sprintf("index_%d", time.Now().Unix()/86400))
		require.NoError(t, os.MkdirAll(index, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(index, id+".tsdb.gz"), nil, 0o600))
	}
}

// tearLog ends a write-ahead log with the first pages of a record that has more.
func tearLog(t *testing.T, directory string) {
	t.Helper()
	const page = 32 << 10
	large, err := wlog.New(nil, nil, t.TempDir(), compression.None)
	require.NoError(t, err)
	require.NoError(t, large.Log(make([]byte, 5*page)))
	require.NoError(t, large.Close())
	torn, err := os.ReadFile(wlog.SegmentName(large.Dir(), 0))
	require.NoError(t, err)

	_, last, err := wlog.Segments(directory)
	require.NoError(t, err)
	segment, err := os.ReadFile(wlog.SegmentName(directory, last))
	require.NoError(t, err)
	segment = append(segment, make([]byte, (page-len(segment)%page)%page)...)
	require.NoError(t, os.WriteFile(wlog.SegmentName(directory, last), append(segment, torn[:2*page]...), 0o600))
}
