// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/metadata"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// noon is the time at which the tests take place.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// bench is a processor whose clock stands at noon, with all that it tells.
type bench struct {
	*lokiLimits
	telemetry *componenttest.Telemetry
	logged    *observer.ObservedLogs
}

func newBench(tb testing.TB, change ...func(*Config)) *bench {
	tb.Helper()
	cfg := createDefaultConfig().(*Config)
	for _, c := range change {
		c(cfg)
	}
	require.NoError(tb, cfg.Validate())
	telemetry := componenttest.NewTelemetry()
	tb.Cleanup(func() { require.NoError(tb, telemetry.Shutdown(context.Background())) })
	set := telemetry.NewTelemetrySettings()
	core, logged := observer.New(zap.DebugLevel)
	set.Logger = zap.New(core)
	p, err := newLokiLimits(set, cfg)
	require.NoError(tb, err)
	p.now = func() time.Time { return noon }
	return &bench{lokiLimits: p, telemetry: telemetry, logged: logged}
}

// counted returns a counter's values by reason.
func (b *bench) counted(tb testing.TB, counter string) map[string]int64 {
	tb.Helper()
	values := map[string]int64{}
	metric, err := b.telemetry.GetMetric("otelcol_loki_limits_" + counter)
	if err != nil {
		return values // Nothing was counted yet.
	}
	for _, point := range metric.Data.(metricdata.Sum[int64]).DataPoints {
		reason, ok := point.Attributes.Value(reasonKey)
		require.True(tb, ok)
		values[reason.AsString()] = point.Value
	}
	return values
}

func (b *bench) process(tb testing.TB, logs plog.Logs) plog.Logs {
	tb.Helper()
	logs, err := b.processLogs(tb.Context(), logs)
	require.NoError(tb, err)
	return logs
}

func TestEveryHostileRecordBecomesGood(t *testing.T) {
	for _, c := range lokilimitstest.Cases(noon) {
		t.Run(c.Name, func(t *testing.T) {
			b := newBench(t)
			logs := c.Logs(noon)
			if len(c.Reasons) > 0 || c.Dropped {
				require.Error(t, lokilimitstest.Check(c.Logs(noon), noon), "Loki would take the record as it is")
			}

			logs = b.process(t, logs)

			require.NoError(t, lokilimitstest.Check(logs, noon))
			require.ElementsMatch(t, c.Reasons, slices.Collect(maps.Keys(b.counted(t, "changed_records"))))
			kept, dropped := 3, map[string]int64{}
			if c.Dropped {
				kept, dropped = 2, map[string]int64{tooOld: 1}
			}
			require.Equal(t, kept, logs.LogRecordCount())
			require.Equal(t, dropped, b.counted(t, "dropped_records"))
			requireNeighbours(t, logs, "before "+c.Name, "after "+c.Name)
		})
	}
}

// requireNeighbours fails where a good record next to a bad one was touched.
func requireNeighbours(t *testing.T, logs plog.Logs, ids ...string) {
	t.Helper()
	got := lines(t, logs)
	for _, id := range ids {
		require.Equal(t, "Order #1001 created", got[id])
	}
}

// lines returns the lines by activity.id.
func lines(t *testing.T, logs plog.Logs) map[string]string {
	t.Helper()
	entries, err := lokilimitstest.Entries(logs)
	require.NoError(t, err)
	lines := map[string]string{}
	for _, entry := range entries {
		lines[metadataOf(entry)["activity_id"]] = entry.Line
	}
	return lines
}

func metadataOf(entry lokilimitstest.Entry) map[string]string {
	metadata := map[string]string{}
	for _, pair := range entry.Metadata {
		metadata[pair.Name] = pair.Value
	}
	return metadata
}

// entry returns what Loki makes of the only record of logs.
func entry(t *testing.T, logs plog.Logs) (lokilimitstest.Entry, map[string]string) {
	t.Helper()
	entries, err := lokilimitstest.Entries(logs)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	return entries[0], metadataOf(entries[0])
}

func TestAllHostileRecordsInOneRequest(t *testing.T) {
	b := newBench(t)
	logs := plog.NewLogs()
	dropped := 0
	cases := lokilimitstest.Cases(noon)
	for _, c := range cases {
		c.Logs(noon).ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
		if c.Dropped {
			dropped++
		}
	}

	logs = b.process(t, logs)

	require.NoError(t, lokilimitstest.Check(logs, noon))
	require.Equal(t, 3*len(cases)-dropped, logs.LogRecordCount())
	require.Equal(t, map[string]int64{tooOld: int64(dropped)}, b.counted(t, "dropped_records"))
	for _, c := range cases {
		requireNeighbours(t, logs, "before "+c.Name, "after "+c.Name)
	}
}

func TestRandomRecords(t *testing.T) {
	for seed := range uint64(25) {
		b := newBench(t)
		in := lokilimitstest.Random(seed, noon, 20)
		before := in.LogRecordCount()

		out := b.process(t, in)

		require.NoError(t, lokilimitstest.Check(out, noon), "seed %d", seed)
		require.Equal(t, int64(before), int64(out.LogRecordCount())+b.counted(t, "dropped_records")[tooOld])
		again := plog.NewLogs()
		out.CopyTo(again)
		requireSame(t, out, newBench(t).process(t, again))
	}
}

// requireSame fails where Loki would not take both for the same entries.
func requireSame(t *testing.T, want, got plog.Logs) {
	t.Helper()
	wantEntries, err := lokilimitstest.Entries(want)
	require.NoError(t, err)
	gotEntries, err := lokilimitstest.Entries(got)
	require.NoError(t, err)
	require.Len(t, gotEntries, len(wantEntries))
	for i := range wantEntries {
		require.Equal(t, summary(wantEntries[i]), summary(gotEntries[i]))
	}
}

// summary returns an entry without the bulk of its texts, for a readable diff.
func summary(entry lokilimitstest.Entry) map[string]string {
	summary := map[string]string{"time": strconv.FormatInt(entry.Time, 10), "line": brief(entry.Line)}
	for name, value := range entry.Labels {
		summary["label "+name] = brief(value)
	}
	for _, pair := range entry.Metadata {
		summary[pair.Name] = brief(pair.Value)
	}
	return summary
}

func brief(s string) string {
	if len(s) < 200 {
		return s
	}
	return fmt.Sprintf("%s… %d bytes %x", s[:50], len(s), sha256.Sum256([]byte(s)))
}

// A source that sends the same activity again need not keep the order of its
// attributes, and is seen at another time by another version of the receiver.
func TestRedeliveryGivesTheSameEntry(t *testing.T) {
	for _, c := range lokilimitstest.Cases(noon) {
		if slices.Contains(c.Reasons, "no_timestamp") || slices.Contains(c.Reasons, "invalid_timestamp") ||
			slices.Contains(c.Reasons, "too_far_ahead") || c.Name == "2000 attributes" {
			continue // See the README: only the receiver can recognise these.
		}
		t.Run(c.Name, func(t *testing.T) {
			first, second := c.Logs(noon), c.Logs(noon)
			for _, resource := range second.ResourceLogs().All() {
				reverse(resource.Resource().Attributes())
				for _, scope := range resource.ScopeLogs().All() {
					scope.Scope().SetVersion("v9.9.9")
					reverse(scope.Scope().Attributes())
					for _, record := range scope.LogRecords().All() {
						reverse(record.Attributes())
						record.SetObservedTimestamp(record.ObservedTimestamp() + 1_000_000_000)
					}
				}
			}
			later := newBench(t)
			later.now = func() time.Time { return noon.Add(time.Second) }

			requireSame(t, newBench(t).process(t, first), later.process(t, second))
		})
	}
}

func TestNothingLeftIsNoError(t *testing.T) {
	b := newBench(t)
	logs := lokilimitstest.Good(noon.Add(-8*24*time.Hour), "old")

	_, err := b.processLogs(t.Context(), logs)
	require.ErrorIs(t, err, processorhelper.ErrSkipProcessingData)

	sink := new(consumertest.LogsSink)
	factory := NewFactory()
	processor, err := factory.CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), factory.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, processor.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, processor.ConsumeLogs(t.Context(), lokilimitstest.Good(time.Now().Add(-8*24*time.Hour), "old")))
	require.NoError(t, processor.ConsumeLogs(t.Context(), plog.NewLogs()))
	require.Empty(t, sink.AllLogs())
	require.NoError(t, processor.ConsumeLogs(t.Context(), lokilimitstest.Good(time.Now(), "new")))
	require.Equal(t, 1, sink.LogRecordCount())
	require.NoError(t, processor.Shutdown(t.Context()))
}

func TestEmptyGroupsAreRemoved(t *testing.T) {
	logs := lokilimitstest.Good(noon, "good")
	lokilimitstest.Good(noon.Add(-8*24*time.Hour), "old").ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
	logs.ResourceLogs().At(0).ScopeLogs().AppendEmpty()
	logs.ResourceLogs().AppendEmpty()

	logs = newBench(t).process(t, logs)

	require.Equal(t, 1, logs.ResourceLogs().Len())
	require.Equal(t, 1, logs.ResourceLogs().At(0).ScopeLogs().Len())
}

func TestGoodRecordIsNotTouched(t *testing.T) {
	b := newBench(t)
	logs := lokilimitstest.Good(noon, "good")
	want := plog.NewLogs()
	logs.CopyTo(want)
	scope := want.ResourceLogs().At(0).ScopeLogs().At(0)
	scope.Scope().SetVersion("")
	scope.LogRecords().At(0).SetObservedTimestamp(0)

	require.Equal(t, want, b.process(t, logs))
	require.Empty(t, b.counted(t, "changed_records"))
	require.Zero(t, b.logged.Len())
}

func TestConcurrentUse(t *testing.T) {
	b := newBench(t, func(c *Config) { c.MaxProducts = 5 })
	done := make(chan error, 8)
	for seed := range cap(done) {
		go func() {
			logs, err := b.processLogs(t.Context(), lokilimitstest.Random(uint64(seed), noon, 50))
			if err == nil {
				err = lokilimitstest.Check(logs, noon)
			}
			done <- err
		}()
	}
	for range cap(done) {
		require.NoError(t, <-done)
	}
}

func TestLogSaysWhyOnceInAnHour(t *testing.T) {
	b := newBench(t)
	send := func() {
		logs := lokilimitstest.Good(noon.Add(time.Hour), "a", "b", "c")
		lokilimitstest.Good(noon.Add(-8*24*time.Hour), "d", "e").ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
		b.process(t, logs)
	}

	send()
	send()
	require.Len(t, b.logged.All(), 2)
	require.Equal(t, tooOld, b.logged.All()[0].ContextMap()["reason"])
	require.Equal(t, "too_far_ahead", b.logged.All()[1].ContextMap()["reason"])
	require.Equal(t, map[string]int64{tooOld: 4}, b.counted(t, "dropped_records"))
	require.Equal(t, map[string]int64{"too_far_ahead": 6}, b.counted(t, "changed_records"))

	b.now = func() time.Time { return noon.Add(time.Hour) }
	b.process(t, lokilimitstest.Good(noon.Add(3*time.Hour), "f"))
	require.Len(t, b.logged.All(), 3)
}

func reverse(attributes pcommon.Map) {
	type pair struct {
		key   string
		value any
	}
	var pairs []pair
	for key, value := range attributes.All() {
		pairs = append(pairs, pair{key, value.AsRaw()})
	}
	attributes.Clear()
	slices.Reverse(pairs)
	for _, p := range pairs {
		_ = attributes.PutEmpty(p.key).FromRaw(p.value)
	}
}
