// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// longest bounds every value of a record, in bytes: none comes near, whatever is posted.
const longest = 16 << 10

// RequireValid requires that everything downstream can take all records of logs, of
// which there has to be one at least. Each must have the attributes of the keys.
func RequireValid(tb testing.TB, logs plog.Logs, keys ...string) {
	tb.Helper()
	records := Records(logs)
	require.NotEmpty(tb, records)
	for _, resource := range logs.ResourceLogs().All() {
		requireValues(tb, resource.Resource().Attributes())
	}
	for _, record := range records {
		requireText(tb, record.Body().Str())
		requireValues(tb, record.Attributes())
		attributes := record.Attributes().AsRaw()
		for _, key := range keys {
			require.NotEmpty(tb, attributes[key], key)
		}
		require.Less(tb, uint64(record.Timestamp()), uint64(1)<<63, "a time that overflowed")
	}
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
