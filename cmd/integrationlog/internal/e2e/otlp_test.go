// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const day = 24 * time.Hour

// An integration may emit its records itself, and all kinds of them in one request:
// none costs its neighbours anything.
func TestRecordsThatLokiWouldRefuse(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)

	now := time.Now()
	late := now.Add(-6*day - 23*time.Hour).Truncate(time.Second)
	logs, records := newLogs()
	for i := range 10 {
		addRecord(records, fmt.Sprintf("good-%d", i), now)
	}
	addRecord(records, "late", late)
	addRecord(records, "old", now.Add(-8*day))
	addRecord(records, "older", now.Add(-80*day))
	addRecord(records, "ahead", now.Add(time.Hour))
	addRecord(records, "long", now).Body().SetStr("Began so. " + strings.Repeat("and went on ", 25_600))
	many := addRecord(records, "many", now)
	for i := range 500 {
		many.Attributes().PutStr(fmt.Sprintf("detail.%03d", i), "value")
	}
	addRecord(records, "timeless", time.Time{})
	const kept, dropped = 15, 2

	require.NoError(t, all.SendOTLP(t.Context(), logs))
	began := time.Now()
	entries := awaitEntries(t, all.Loki, `{product="zis"}`, kept)
	t.Logf("all visible after %s", time.Since(began))
	found := byID(t, entries)

	assert.Equal(t, late.UnixNano(), found["late"].Time.UnixNano())
	assert.NotContains(t, found, "old")
	assert.NotContains(t, found, "older")
	assert.WithinDuration(t, now, found["ahead"].Time, time.Minute, "what lies ahead is stored at its arrival")
	assert.Contains(t, valuesOf(found["ahead"]), now.Add(time.Hour).UTC().Format(time.RFC3339Nano), "and keeps the source's time")
	assert.WithinDuration(t, now, found["timeless"].Time, time.Minute)
	assert.True(t, strings.HasPrefix(found["long"].Line, "Began so. and went on"), "the beginning is kept")
	assert.LessOrEqual(t, len(found["long"].Line), 256<<10)
	assert.Greater(t, len(found["long"].Line), 100<<10)
	assert.Contains(t, found["many"].Labels, "detail_000")
	assert.LessOrEqual(t, len(found["many"].Labels), 140)
	for i := range 10 {
		assert.Equal(t, now.UnixNano(), found[fmt.Sprintf("good-%d", i)].Time.UnixNano())
	}

	requireLimits(t, all, 1)

	// The same again counts again, and is told no second time.
	require.NoError(t, all.SendOTLP(t.Context(), again(logs)))
	awaitEntries(t, all.Loki, `{product="zis"}`, 2*kept)
	requireLimits(t, all, 2)
	for _, reason := range []string{"too_old", "too_far_ahead", "line_too_large", "too_many_attributes", "no_timestamp"} {
		assert.Len(t, process.Stderr.Lines("warn", `"reason": "`+reason+`"`), 1, reason)
	}
	process.Stop(t)
}

// requireLimits requires what the metrics count after so many requests.
func requireLimits(t *testing.T, all *harness.Installation, requests float64) {
	t.Helper()
	metrics, err := all.Metrics(t.Context())
	require.NoError(t, err)
	of := func(name, reason string) float64 {
		return metrics.Sum(name, harness.Label{Name: "reason", Value: reason})
	}
	assert.InDelta(t, 2*requests, of("otelcol_loki_limits_dropped_records", "too_old"), 0)
	for _, reason := range []string{"too_far_ahead", "line_too_large", "too_many_attributes", "no_timestamp"} {
		assert.InDelta(t, requests, of("otelcol_loki_limits_changed_records", reason), 0, reason)
	}
	assert.Zero(t, metrics.Sum("otelcol_exporter_send_failed_log_records"))
	assert.Zero(t, metrics.Sum("otelcol_exporter_enqueue_failed_log_records"))
}

// newLogs returns logs of one product, and its records.
func newLogs() (plog.Logs, plog.LogRecordSlice) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "zis")
	resource.Resource().Attributes().PutStr("service.namespace", "integrations")
	return logs, resource.ScopeLogs().AppendEmpty().LogRecords()
}

func addRecord(records plog.LogRecordSlice, id string, at time.Time) plog.LogRecord {
	record := records.AppendEmpty()
	if !at.IsZero() {
		record.SetTimestamp(pcommon.NewTimestampFromTime(at))
	}
	record.Body().SetStr("Flow run finished")
	record.SetSeverityNumber(plog.SeverityNumberInfo)
	record.Attributes().PutStr("product", "zis")
	record.Attributes().PutStr("activity.type", "flow_run")
	record.Attributes().PutStr("activity.id", id)
	return record
}

// again returns the same records as other activities.
func again(logs plog.Logs) plog.Logs {
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		id, _ := record.Attributes().Get("activity.id")
		id.SetStr(id.Str() + "-again")
	}
	return logs
}

func byID(t *testing.T, entries []harness.Entry) map[string]harness.Entry {
	t.Helper()
	found := map[string]harness.Entry{}
	for _, entry := range entries {
		id := entry.Labels["activity_id"]
		require.NotEmpty(t, id)
		require.NotContains(t, found, id)
		found[id] = entry
	}
	return found
}

func valuesOf(entry harness.Entry) []string {
	values := make([]string, 0, len(entry.Labels))
	for _, value := range entry.Labels {
		values = append(values, value)
	}
	return values
}
