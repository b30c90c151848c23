// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// span is a time in which a process was scraped.
type span struct {
	length time.Duration
	// uptime is how long the process has run when the span begins.
	uptime time.Duration
	// page is what it says beside that; nil if it does not answer.
	page func(at time.Time) string
}

// unscraped is a span in which there was no Prometheus.
var unscraped = func(time.Time) string { return "" }

// layOutSpans stores spans one after the other, up to now.
func layOutSpans(t *testing.T, now time.Time, spans ...span) *world {
	t.Helper()
	p, err := source.Open(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	at := now
	for _, s := range spans {
		at = at.Add(-s.length)
	}
	for _, s := range spans {
		began := at.Add(-s.uptime)
		for end := at.Add(s.length); at.Before(end); at = at.Add(scrapeInterval) {
			scrape := source.Missed("any", "any:1")
			if s.page != nil {
				page := s.page(at)
				if page == "" {
					continue
				}
				page += fmt.Sprintf("otelcol_process_uptime %f\nprocess_start_time_seconds %d\n", at.Sub(began).Seconds(), began.Unix())
				scrape, err = source.Parse("any", "any:1", page)
				require.NoError(t, err)
			}
			require.NoError(t, p.Store(t.Context(), at, scrape))
		}
	}
	return &world{prometheus: p, now: now}
}

// What a counter has counted before Prometheus saw it is shown only where it is known to be
// new.
func TestCountersThatWereNotThere(t *testing.T) {
	old := 48 * time.Hour
	counted := func(n int) func(time.Time) string {
		return func(time.Time) string {
			return fmt.Sprintf("otelcol_receiver_accepted_log_records{receiver=\"zis\"} %d\n"+
				"otelcol_webhook_rejected_requests{receiver=\"zis\",reason=\"overload\"} %d\n"+
				"loki_discarded_samples_total{reason=\"x\"} %d\n", n, n, n)
		}
	}
	nothing := func(time.Time) string { return "other 1\n" }
	tests := map[string]struct {
		spans []span
		want  float64
	}{
		"a new Prometheus":           {[]span{{time.Hour, old, counted(1e6)}}, 0},
		"scrapes failed for an hour": {[]span{{time.Hour, old, counted(999_000)}, {length: time.Hour}, {time.Hour, old, counted(1e6)}}, 0},
		"Prometheus was away":        {[]span{{time.Hour, old, counted(999_000)}, {time.Hour, old, unscraped}, {time.Hour, old, counted(1e6)}}, 0},
		"the first ever":             {[]span{{time.Hour, old, nothing}, {time.Hour, old, counted(5)}}, 5},
		"some more":                  {[]span{{time.Hour, old, counted(3)}, {time.Hour, old, counted(10)}}, 7},
		"a restart":                  {[]span{{time.Hour, old, counted(1000)}, {time.Hour, scrapeInterval, counted(7)}}, 7},
		"a restart after an hour":    {[]span{{time.Hour, old, counted(1000)}, {length: time.Hour}, {time.Hour, scrapeInterval, counted(7)}}, 7},
	}
	now := time.Date(2026, 11, 27, 10, 20, 0, 0, time.UTC)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for later := time.Duration(0); later < 2*time.Minute; later += 5 * time.Second { // steps begin where they will
				requireGrown(t, layOutSpans(t, now.Add(later), test.spans...), test.want)
			}
		})
	}
}

// requireGrown requires that three charts show what a counter has counted.
func requireGrown(t *testing.T, w *world, want float64) {
	t.Helper()
	for _, length := range []time.Duration{24 * time.Hour, 2 * time.Hour} {
		v := w.open(t, collectorPath(), w.last(length))
		for title, unit := range map[string]time.Duration{"Taken in": time.Second, "Refused": time.Minute, "Discarded by Loki": time.Minute} {
			s := v.run(t, v.panel(t, "timeseries "+title))
			sum := 0.0
			for _, counted := range s.counted("A", unit) {
				sum += counted
			}
			s.requireShare(want, sum, fmt.Sprintf("%s in %s until %s", title, length, w.now))
		}
	}
}

// The newest activity is not forgotten with the collector's start.
func TestLastActivityAfterARestart(t *testing.T) {
	now := time.Date(2026, 11, 27, 10, 20, 0, 0, time.UTC)
	happened := now.Add(-100 * time.Minute)
	counters := "integration_activities_total{product=\"zis\",status=\"info\",activity_type=\"flow_run\"} 0\n"
	before := func(at time.Time) string {
		if at.Before(happened) {
			return counters
		}
		return counters + fmt.Sprintf("integration_last_activity_timestamp_seconds{product=\"zis\",status=\"info\"} %d\n", happened.Unix())
	}
	w := layOutSpans(t, now, span{2 * time.Hour, time.Hour, before}, span{time.Hour, 20 * time.Second, func(time.Time) string { return counters }})
	v := w.open(t, filepath.Join(harness.Repository(), "dashboards", "integration-health.json"), w.last(24*time.Hour))
	s := v.run(t, v.panel(t, "table Products"))
	require.Len(t, s.table.Rows, 1)
	assert.InDelta(t, happened.UnixMilli(), s.cell(s.table.Rows[0], "Last success").Number, 1)
	assert.InDelta(t, now.Sub(happened).Seconds(), s.cell(s.table.Rows[0], "Since last activity").Number, 1)
}

// collectorPath is the file of the dashboard of the log itself.
func collectorPath() string {
	return filepath.Join(harness.Repository(), "dashboards", "integration-log-collector.json")
}
