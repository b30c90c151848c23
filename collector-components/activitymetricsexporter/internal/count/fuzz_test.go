// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// FuzzCount takes any content of a record: whatever comes, it is counted, and what is
// served keeps to the bounds.
func FuzzCount(f *testing.F) {
	f.Add(uint64(0), uint64(0), int32(0), "shopify", "app", "error", "order", "rate_limit", "id", 0)
	f.Add(^uint64(0), uint64(1), int32(-1), "\xff", "\uFFFD", "INFO", "\xff", "\xff", "\xff", 1)
	f.Add(uint64(noon.UnixNano()), ^uint64(0), int32(99), strings.Repeat("p", 500), "", "", "", "", "", 2)
	f.Add(uint64(1)<<63, uint64(1)<<63, int32(17), "other", "unknown_service:node", "", "_OTHER", "_OTHER", "", 40)
	f.Fuzz(func(t *testing.T, timestamp, observed uint64, severity int32, product, service, status, kind, class, id string, depth int) {
		logs := plog.NewLogs()
		resource := logs.ResourceLogs().AppendEmpty()
		resource.Resource().Attributes().PutStr(activity.ServiceNameKey, service)
		record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		record.SetTimestamp(pcommon.Timestamp(timestamp))
		record.SetObservedTimestamp(pcommon.Timestamp(observed))
		record.SetSeverityNumber(plog.SeverityNumber(severity))
		for key, value := range map[string]string{
			activity.ProductKey: product, activity.StatusKey: status, activity.TypeKey: kind, activity.ErrorTypeKey: class, activity.IDKey: id,
		} {
			put(record.Attributes().PutEmpty(key), value, depth)
		}

		b := newBench(t)
		result := b.Count(logs)

		assert.Zero(t, result.Repeated)
		problems, err := testutil.GatherAndLint(b.registry)
		require.NoError(t, err)
		assert.Empty(t, problems)
		var sum float64
		for _, name := range []string{activities, late} {
			for labels, value := range b.series(t, name) {
				assert.LessOrEqual(t, len(labels), 3*128+2)
				sum += value
			}
		}
		assert.InDelta(t, 1, sum, 0)
		for _, at := range b.series(t, newest) {
			assert.LessOrEqual(t, at, unix(noon))
		}
		known := int64(0)
		if id != "" || depth > 0 {
			known = 1
		}
		assert.Equal(t, Result{Repeated: known}, b.Count(logs), "known again if it has an id")
	})
}

// put sets a value: the text itself, or at the bottom of lists and maps.
func put(value pcommon.Value, text string, depth int) {
	for level := range max(min(depth, 100), 0) {
		if level%2 == 0 {
			value = value.SetEmptySlice().AppendEmpty()
		} else {
			value = value.SetEmptyMap().PutEmpty(text)
		}
	}
	value.SetStr(text)
}
