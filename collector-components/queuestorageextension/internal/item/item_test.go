// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package item

import (
	"context"
	"math"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/client"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/testdata"
	"go.opentelemetry.io/collector/pdata/xpdata/request"

	"github.com/integrationlog/integrationlog/internal/seal"
)

func TestParseKey(t *testing.T) {
	for key, want := range map[string]uint64{"0": 0, "7": 7, "10": 10, "18446744073709551615": math.MaxUint64} {
		index, ok := ParseKey(key)
		assert.True(t, ok, key)
		assert.Equal(t, want, index)
		assert.Equal(t, key, Key(index))
	}
	for _, key := range []string{"", "qmv0", "ri", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "18446744073709551616", "quarantine/1/x", "¹"} {
		_, ok := ParseKey(key)
		assert.False(t, ok, key)
	}
}

func TestQuarantineKey(t *testing.T) {
	key := QuarantineKey(42, time.Date(2026, 11, 23, 1, 2, 3, 4, time.FixedZone("", 3600)))
	assert.Equal(t, "quarantine/42/20261123T000203.000000004Z", key)
	assert.True(t, IsQuarantined(key))
	assert.False(t, IsQuarantined("42"))
	_, isItem := ParseKey(key)
	assert.False(t, isItem)
}

// logsPayload is what a queue stores for these logs.
func logsPayload(tb testing.TB, logs plog.Logs) []byte {
	tb.Helper()
	ctx := client.NewContext(context.Background(), client.Info{
		Addr:     &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4318},
		Metadata: client.NewMetadata(map[string][]string{"x-scope-orgid": {"acme"}}),
	})
	payload, err := request.MarshalLogs(ctx, logs)
	require.NoError(tb, err)
	return payload
}

// A collector from which the extension was taken out must still read its queue.
func TestSealedItemsAreReadByAPlainQueue(t *testing.T) {
	logs := testdata.GenerateLogs(3)
	_, decoded, err := request.UnmarshalLogs(seal.Seal(logsPayload(t, logs)))
	require.NoError(t, err)
	assert.Equal(t, 3, decoded.LogRecordCount())

	legacy, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	decoded, err = (&plog.ProtoUnmarshaler{}).UnmarshalLogs(seal.Seal(legacy))
	require.NoError(t, err)
	assert.Equal(t, 3, decoded.LogRecordCount())
}

func TestMeasureLogs(t *testing.T) {
	for _, records := range []int{0, 1, 2, 500} {
		logs := testdata.GenerateLogs(records)
		want := Size{Bytes: int64((&plog.ProtoMarshaler{}).LogsSize(logs)), Records: int64(records)}
		payload := logsPayload(t, logs)
		assert.Equal(t, want, Measure("logs", payload))
		assert.Equal(t, want, Measure("logs", seal.Seal(payload)))

		legacy, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
		require.NoError(t, err)
		assert.Equal(t, want, Measure("logs", legacy))
	}
}

func TestMeasureTraces(t *testing.T) {
	traces := testdata.GenerateTraces(7)
	payload, err := request.MarshalTraces(context.Background(), traces)
	require.NoError(t, err)
	assert.Equal(t, Size{Bytes: int64((&ptrace.ProtoMarshaler{}).TracesSize(traces)), Records: 7}, Measure("traces", payload))
}

func TestMeasureMetricsCountsNoRecords(t *testing.T) {
	payload, err := request.MarshalMetrics(context.Background(), testdata.GenerateMetrics(7))
	require.NoError(t, err)
	size := Measure("metrics", payload)
	assert.Zero(t, size.Records)
	assert.Positive(t, size.Bytes)
	assert.False(t, Countable("metrics"))
}

func TestDecode(t *testing.T) {
	logs := logsPayload(t, testdata.GenerateLogs(2))
	traces, err := request.MarshalTraces(context.Background(), testdata.GenerateTraces(2))
	require.NoError(t, err)
	metrics, err := request.MarshalMetrics(context.Background(), testdata.GenerateMetrics(2))
	require.NoError(t, err)
	legacy, err := (&plog.ProtoMarshaler{}).MarshalLogs(testdata.GenerateLogs(2))
	require.NoError(t, err)

	for _, tc := range []struct {
		signal  string
		payload []byte
		fails   bool
	}{
		{signal: "logs", payload: logs},
		{signal: "logs", payload: legacy},
		{signal: "logs", payload: nil},
		{signal: "logs", payload: logs[:len(logs)-3], fails: true},
		{signal: "logs", payload: legacy[:len(legacy)-3], fails: true},
		{signal: "traces", payload: traces},
		{signal: "traces", payload: traces[:len(traces)-3], fails: true},
		{signal: "traces", payload: []byte("no protobuf"), fails: true},
		{signal: "metrics", payload: metrics},
		{signal: "metrics", payload: metrics[:len(metrics)-3], fails: true},
		{signal: "metrics", payload: []byte("no protobuf"), fails: true},
		{signal: "profiles", payload: []byte("who knows")},
	} {
		if err := Decode(tc.signal, tc.payload); tc.fails {
			assert.Error(t, err, tc.signal)
		} else {
			assert.NoError(t, err, tc.signal)
		}
	}
}

func FuzzStoredItem(f *testing.F) {
	payload := logsPayload(f, testdata.GenerateLogs(2))
	f.Add(payload)
	f.Add(seal.Seal(payload))
	f.Add(payload[:len(payload)/2])
	f.Add([]byte{versionTag, 1, 0, 0, 0, 0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, stored []byte) {
		size := Measure("logs", stored)
		require.LessOrEqual(t, size.Bytes, int64(len(stored)))
		require.GreaterOrEqual(t, size.Records, int64(0))
		opened, err := seal.Open(stored)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(opened), len(stored))
		resealed, err := seal.Open(seal.Seal(opened))
		require.NoError(t, err)
		require.Equal(t, string(opened), string(resealed))
		if Decode("logs", opened) != nil {
			return
		}
		// What the queue can decode it can decode with a seal, too.
		require.NoError(t, Decode("logs", seal.Seal(opened)))
	})
}

func BenchmarkMeasure(b *testing.B) {
	stored := seal.Seal(logsPayload(b, testdata.GenerateLogs(300)))
	b.SetBytes(int64(len(stored)))
	b.ReportAllocs()
	for b.Loop() {
		Measure("logs", stored)
	}
}
