// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Records older than the retention leave the disk when the compactor has run. All
// of it is real: the chunks, the compactor, the clock. Only the compactor's pauses
// are shorter; one, of a minute, cannot be.
func TestRetentionOnDisk(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	chunks := filepath.Join(directory, "chunks", "fake")

	// Written to disk at once, however old, and forgotten by memory and its log. The
	// wall at query time is off, or it would hide whether anything was deleted.
	first := startProcess(t, processConfig{configFile: ownConfigFile(t, "loki.yaml", directory,
		"reject_old_samples: true", "reject_old_samples: false",
		"max_query_lookback: 169h", "max_query_lookback: 0s",
		"query_store_max_look_back_period: 170h", "query_store_max_look_back_period: 600h",
		"chunk_idle_period: 30m", "chunk_idle_period: 1s\n  flush_check_period: 1s",
		"checkpoint_duration: 1m", "checkpoint_duration: 1s",
	)})
	records := []activity.Activity{
		happened("9 days", 9*day), happened("8 days", 8*day), happened("7 days and 3 hours", 7*day+3*time.Hour),
		happened("6 days", 6*day), happened("1 hour", time.Hour),
	}
	first.loki.push(t, records...)
	require.Len(t, first.loki.ids(t, all), len(records))
	first.awaitMetric(t, "loki_ingester_memory_streams", func(n float64) bool { return n == 0 })
	checkpoints := first.metric(t, "loki_ingester_checkpoint_creations_total")
	first.awaitMetric(t, "loki_ingester_checkpoint_creations_total", func(n float64) bool { return n >= checkpoints+2 })
	first.stop(t)
	require.Len(t, files(t, chunks), len(records))

	second := startProcess(t, processConfig{configFile: ownConfigFile(t, "loki.yaml", directory,
		"max_query_lookback: 169h", "max_query_lookback: 0s",
		"query_store_max_look_back_period: 170h", "query_store_max_look_back_period: 600h",
		"compaction_interval: 10m", "compaction_interval: 1s",
		"retention_delete_delay: 2h", "retention_delete_delay: 1s",
		// The index that was read is kept for minutes otherwise, and so are chunks.
		"max_chunk_batch_size: 10", "max_chunk_batch_size: 10\n  tsdb_shipper:\n    resync_interval: 3s",
		"      enabled: true\n      max_size_mb: 32", "      enabled: false",
	)})
	require.Len(t, second.loki.ids(t, all), len(records), "nothing is deleted yet")
	require.Eventually(t, func() bool { return len(files(t, chunks)) == 2 }, 3*time.Minute, 200*time.Millisecond)
	require.Eventually(t, func() bool { return len(second.loki.ids(t, all)) == 2 }, 30*time.Second, 200*time.Millisecond)
	assert.ElementsMatch(t, []string{"6 days", "1 hour"}, second.loki.ids(t, all))
	second.stop(t)
	assert.Len(t, files(t, chunks), 2)
}

// metric returns the sum of a metric of Loki over all its labels.
func (p *process) metric(t *testing.T, name string) float64 {
	t.Helper()
	status, body := p.loki.get(t, "/metrics")
	require.Equal(t, http.StatusOK, status, body)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	require.NoError(t, err)
	sum := 0.0
	for _, m := range families[name].GetMetric() {
		sum += m.GetGauge().GetValue() + m.GetCounter().GetValue()
	}
	return sum
}

func (p *process) awaitMetric(t *testing.T, name string, reached func(float64) bool) {
	t.Helper()
	require.Eventually(t, func() bool { return reached(p.metric(t, name)) }, time.Minute, 200*time.Millisecond, name)
}

// files returns the names of all files below a directory.
func files(t *testing.T, directory string) []string {
	t.Helper()
	var names []string
	require.NoError(t, filepath.WalkDir(directory, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	}))
	return names
}

// A chart of the whole log begins with a whole step, a little before the log. Loki asks for it
// in pieces, and refuses one that lies before what it shows: with pieces of six hours, the
// first one for a step's time before each end of a piece.
func TestAChartOfTheWholeLog(t *testing.T) {
	step := stepAlone(time.Now().Add(-7 * day))
	cfg := testConfig("not used")
	cfg.ConfigFile = ownConfigFile(t, "loki.yaml", t.TempDir(), "split_queries_by_interval: 6h", "split_queries_by_interval: "+(2*step).String())
	_, loki := startLoki(t, cfg)
	loki.push(t, happened("recent", time.Minute))
	end := steps(time.Now(), step) * int64(step)
	start := steps(time.Now().Add(-7*day), step) * int64(step)
	var answer struct{ Data any }
	loki.query(t, "/loki/api/v1/query_range", url.Values{
		"query": {"sum(count_over_time(" + all + "[5m]))"}, "step": {step.String()},
		"start": {strconv.FormatInt(start, 10)}, "end": {strconv.FormatInt(end, 10)},
	}, &answer)
}

// steps returns how many whole steps there were until a time, as charts count them.
func steps(t time.Time, step time.Duration) int64 { return t.UnixNano() / int64(step) }

// stepAlone returns a step that is alone in the first piece of two steps, for a minute yet.
func stepAlone(start time.Time) time.Duration {
	step := 5 * time.Minute
	for steps(start, step)%2 == 0 || steps(start.Add(time.Minute), step) != steps(start, step) {
		step += time.Minute
	}
	return step
}
