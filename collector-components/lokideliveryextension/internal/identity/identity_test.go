// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
)

func record(product, id string) plog.LogRecord {
	r := plog.NewLogRecord()
	r.SetTimestamp(5)
	r.SetObservedTimestamp(9)
	r.Attributes().PutStr("product", product)
	r.Attributes().PutStr("activity.id", id)
	return r
}

func TestOf(t *testing.T) {
	key, ok := Of(record("shopify", "a"))
	assert.True(t, ok)
	assert.Equal(t, Key{Product: "shopify", ID: "a", Time: 5}, key)

	observed := record("shopify", "a")
	observed.SetTimestamp(0)
	key, ok = Of(observed)
	assert.True(t, ok)
	assert.EqualValues(t, 9, key.Time, "as Loki takes it")

	number := record("shopify", "")
	number.Attributes().PutInt("activity.id", 1<<60)
	key, ok = Of(number)
	assert.True(t, ok)
	assert.Equal(t, "1152921504606846976", key.ID)

	timeless := record("shopify", "a")
	timeless.SetTimestamp(0)
	timeless.SetObservedTimestamp(0)
	for name, r := range map[string]plog.LogRecord{
		"no attributes":         plog.NewLogRecord(),
		"no product":            record("", "a"),
		"no id":                 record("shopify", ""),
		"no time":               timeless,
		"an id that is no text": record("shopify", "\xff"),
		"an id without end":     record("shopify", strings.Repeat("x", maxLength+1)),
	} {
		_, ok := Of(r)
		assert.False(t, ok, name)
	}
}

func TestKeepLeavesNothingEmpty(t *testing.T) {
	logs := plog.NewLogs()
	for _, id := range []string{"a", "b"} {
		record("shopify", id).CopyTo(logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	}
	removed := Keep(logs, func(r plog.LogRecord) bool {
		key, _ := Of(r)
		return key.ID == "b"
	})
	assert.Equal(t, 1, removed)
	assert.Equal(t, 1, logs.ResourceLogs().Len())
	assert.Equal(t, 1, Keep(logs, func(plog.LogRecord) bool { return false }))
	assert.Zero(t, logs.ResourceLogs().Len())
}
