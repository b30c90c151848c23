// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// longest bounds every value of a record, in bytes: none comes near, whatever is posted.
const longest = 16 << 10

// requireValid tells whether logs are one record that everything downstream can take.
func requireValid(tb testing.TB, logs plog.Logs) {
	tb.Helper()
	require.Equal(tb, 1, logs.LogRecordCount())
	record := theRecord(logs)
	requireText(tb, record.Body().Str())
	requireValues(tb, logs.ResourceLogs().At(0).Resource().Attributes())
	requireValues(tb, record.Attributes())
	attributes := record.Attributes().AsRaw()
	for _, key := range []string{"product", "status", "activity.type", "activity.id", "shopify.topic"} {
		require.NotEmpty(tb, attributes[key], key)
	}
	require.LessOrEqual(tb, len(attributes["activity.id"].(string)), 3*255+2)
	require.Less(tb, uint64(record.Timestamp()), uint64(1)<<63, "a time that overflowed")
	_, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
	require.NoError(tb, err)
}

func requireValues(tb testing.TB, attributes pcommon.Map) {
	tb.Helper()
	for key, value := range attributes.All() {
		require.NotEmpty(tb, key)
		if value.Type() == pcommon.ValueTypeStr {
			requireText(tb, value.Str())
		}
	}
}

func requireText(tb testing.TB, text string) {
	tb.Helper()
	require.NotEmpty(tb, text)
	require.True(tb, utf8.ValidString(text), "%q", text)
	require.LessOrEqual(tb, len(text), longest)
}
