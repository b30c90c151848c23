// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// FuzzProcessLogs takes any OTLP request: whatever is let through Loki takes, nothing
// disappears uncounted, and what is settled stays as it is.
func FuzzProcessLogs(f *testing.F) {
	marshaler := plog.ProtoMarshaler{}
	for _, c := range lokilimitstest.Cases(noon) {
		request, err := marshaler.MarshalLogs(c.Logs(noon))
		require.NoError(f, err)
		if len(request) < 10_000 {
			f.Add(request)
		}
	}
	unmarshaler := plog.ProtoUnmarshaler{}
	f.Fuzz(func(t *testing.T, request []byte) {
		logs, err := unmarshaler.UnmarshalLogs(request)
		if err != nil {
			t.Skip()
		}
		requireSettled(t, logs)
	})
}

// FuzzRecord takes any content of a record, which a fuzzer of requests seldom reaches.
func FuzzRecord(f *testing.F) {
	f.Add(uint64(0), uint64(1), "id", "body", "shopify", "app", "error", "a.b", "a_b", "value", 3)
	f.Add(uint64(1)<<63, uint64(1)<<63, "\xff", "\xff", "\uFFFD", "", "INFO", "__error__", "订单", "\xff", 200)
	f.Add(uint64(noon.UnixNano()), uint64(0), strings.Repeat("i", 600), "", "p", "unknown_service", "info", "trace_id", "activity.id", "", 1000)
	f.Fuzz(func(t *testing.T, timestamp, observed uint64, id, body, product, service, status, key, otherKey, value string, times int) {
		logs := lokilimitstest.Good(noon, "neighbour", "fuzzed")
		resource := logs.ResourceLogs().At(0)
		resource.Resource().Attributes().PutStr(activity.ServiceNameKey, service)
		resource.Resource().Attributes().PutStr(otherKey, value)
		resource.ScopeLogs().At(0).Scope().Attributes().PutStr(key, value)
		record := resource.ScopeLogs().At(0).LogRecords().At(1)
		record.SetTimestamp(pcommon.Timestamp(timestamp))
		record.SetObservedTimestamp(pcommon.Timestamp(observed))
		record.SetSeverityText(status)
		record.Body().SetStr(body)
		attributes := record.Attributes()
		attributes.PutStr(activity.IDKey, id)
		attributes.PutStr(activity.ProductKey, product)
		attributes.PutStr(activity.StatusKey, status)
		attributes.PutEmptyMap(otherKey).PutStr(key, value)
		const most = 4096 // longer ones take long, and try nothing else
		for n := range min(max(times, 0), 300) {
			attributes.PutStr(key+strconv.Itoa(n), strings.Repeat(value, min(n, most/max(1, len(value)))))
		}
		attributes.PutStr(key, value)
		requireSettled(t, logs)
	})
}

// requireSettled fails unless Loki takes what the processor makes of the logs, every
// record is there or counted, and a second pass changes nothing.
func requireSettled(t *testing.T, logs plog.Logs) {
	t.Helper()
	b := newBench(t)
	before := logs.LogRecordCount()

	logs, err := b.processLogs(t.Context(), logs)

	require.Equal(t, int64(before), int64(logs.LogRecordCount())+b.counted(t, "dropped_records")[tooOld])
	if err != nil {
		require.ErrorIs(t, err, processorhelper.ErrSkipProcessingData)
		require.Zero(t, logs.LogRecordCount())
		return
	}
	require.NoError(t, lokilimitstest.Check(logs, noon))
	again := plog.NewLogs()
	logs.CopyTo(again)
	requireSame(t, logs, newBench(t).process(t, again))
}
