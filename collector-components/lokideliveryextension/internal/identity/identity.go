// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package identity tells by what a record can be found again in Loki.
package identity // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"

import (
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// maxLength bounds what is asked for: a query must stay far below Loki's 128 KiB.
const maxLength = 4096

// Key identifies one activity: no other record has the same.
type Key struct {
	Product, ID string
	Time        pcommon.Timestamp
}

// Time is the timestamp under which Loki stores a record; 0 if Loki takes the time of
// arrival.
func Time(record plog.LogRecord) pcommon.Timestamp {
	if record.Timestamp() != 0 {
		return record.Timestamp()
	}
	return record.ObservedTimestamp()
}

// Of returns a record's key, and false if it cannot be found again: without a product,
// an id or a time, or with one that no query can carry.
func Of(record plog.LogRecord) (Key, bool) {
	product, hasProduct := record.Attributes().Get(activity.ProductKey)
	id, hasID := record.Attributes().Get(activity.IDKey)
	if !hasProduct || !hasID {
		return Key{}, false
	}
	key := Key{Product: product.AsString(), ID: id.AsString(), Time: Time(record)}
	return key, isAskable(key.Product) && isAskable(key.ID) && key.Time != 0
}

func isAskable(s string) bool {
	return s != "" && len(s) <= maxLength && utf8.ValidString(s)
}

// Keep removes the records for which keep is false, and what is empty after that. It
// returns how many records it removed.
func Keep(logs plog.Logs, keep func(plog.LogRecord) bool) int {
	removed := 0
	logs.ResourceLogs().RemoveIf(func(resource plog.ResourceLogs) bool {
		resource.ScopeLogs().RemoveIf(func(scope plog.ScopeLogs) bool {
			scope.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
				if keep(record) {
					return false
				}
				removed++
				return true
			})
			return scope.LogRecords().Len() == 0
		})
		return resource.ScopeLogs().Len() == 0
	})
	return removed
}

// Each visits every record.
func Each(logs plog.Logs, visit func(plog.LogRecord)) {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				visit(record)
			}
		}
	}
}
