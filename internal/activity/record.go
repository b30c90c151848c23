// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity // import "github.com/integrationlog/integrationlog/internal/activity"

import (
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
)

// MaxErrorMessage bounds error.message, in bytes.
const MaxErrorMessage = 4096

// commonAttributes is how many attributes a record may have besides the vendor's own.
const commonAttributes = 13

// Scope names the receiver that saw an activity.
type Scope struct {
	// Name is the receiver's import path.
	Name string
	// Version is the build's.
	Version string
}

// NewLogs returns the activities as log records, one record each, in their order.
// Neighbours of one product and account share a resource.
func NewLogs(scope Scope, activities ...Activity) plog.Logs {
	logs := plog.NewLogs()
	var records plog.LogRecordSlice
	for i := range activities {
		a := &activities[i]
		if i == 0 || a.Product != activities[i-1].Product || a.Account != activities[i-1].Account {
			records = appendResource(logs, scope, a)
		}
		a.fill(records.AppendEmpty())
	}
	return logs
}

func appendResource(logs plog.Logs, scope Scope, a *Activity) plog.LogRecordSlice {
	resource := logs.ResourceLogs().AppendEmpty()
	attributes := resource.Resource().Attributes()
	attributes.EnsureCapacity(3)
	attributes.PutStr(ServiceNameKey, string(a.Product))
	attributes.PutStr(ServiceNamespaceKey, ServiceNamespace)
	putNonEmpty(attributes, AccountKey, a.Account)

	scopeLogs := resource.ScopeLogs().AppendEmpty()
	scopeLogs.Scope().SetName(scope.Name)
	scopeLogs.Scope().SetVersion(scope.Version)
	return scopeLogs.LogRecords()
}

func (a *Activity) fill(record plog.LogRecord) {
	record.SetEventName(EventName)
	record.SetTimestamp(timestamp(a.Time))
	record.SetObservedTimestamp(timestamp(a.Observed))
	record.Body().SetStr(validUTF8(a.Description))

	attributes := record.Attributes()
	attributes.EnsureCapacity(commonAttributes + len(a.Attributes))
	attributes.PutStr(ProductKey, string(a.Product))
	putNonEmpty(attributes, StatusKey, string(a.Status))
	putNonEmpty(attributes, TypeKey, a.Type)
	putNonEmpty(attributes, EvidenceKey, string(a.Evidence))
	putNonEmpty(attributes, IDKey, a.ID)
	putNonEmpty(attributes, IntegrationNameKey, a.IntegrationName)
	putNonEmpty(attributes, ObjectTypeKey, a.ObjectType)
	putNonEmpty(attributes, ObjectIDKey, a.ObjectID)
	if a.HTTPStatusCode != 0 {
		attributes.PutInt(HTTPStatusCodeKey, int64(a.HTTPStatusCode))
	}
	if a.Error != nil {
		putNonEmpty(attributes, ErrorTypeKey, string(a.Error.Type))
		putNonEmpty(attributes, ErrorCodeKey, a.Error.Code)
		putNonEmpty(attributes, ErrorMessageKey, Truncate(validUTF8(a.Error.Message), MaxErrorMessage))
	}
	for _, kv := range a.Attributes {
		putKeyValue(attributes, kv)
	}
	putNonEmpty(attributes, PayloadKey, a.Payload)
}

// timestamp keeps the zero time zero: pcommon would make year 1 of it.
func timestamp(t time.Time) pcommon.Timestamp {
	if t.IsZero() {
		return 0
	}
	return pcommon.NewTimestampFromTime(t)
}

// validUTF8 replaces what is none: OTLP strings have to be UTF-8, and foreign input
// need not be.
func validUTF8(s string) string {
	return strings.ToValidUTF8(s, "\uFFFD")
}

// putNonEmpty leaves the attribute out where there is no value.
func putNonEmpty(attributes pcommon.Map, key, value string) {
	if value != "" {
		attributes.PutStr(key, validUTF8(value))
	}
}

func putKeyValue(attributes pcommon.Map, kv attribute.KeyValue) {
	key := validUTF8(string(kv.Key))
	switch kv.Value.Type() {
	case attribute.BOOL:
		attributes.PutBool(key, kv.Value.AsBool())
	case attribute.INT64:
		attributes.PutInt(key, kv.Value.AsInt64())
	case attribute.FLOAT64:
		attributes.PutDouble(key, kv.Value.AsFloat64())
	default:
		putNonEmpty(attributes, key, kv.Value.String())
	}
}

// Truncate shortens s to at most limit bytes, at the border of a rune, and ends it
// with an ellipsis so that a reader sees that something is missing. Where not even
// that fits, nothing is left.
func Truncate(s string, limit int) string {
	const ellipsis = "…"
	if len(s) <= limit {
		return s
	}
	if limit < len(ellipsis) {
		return ""
	}
	end := limit - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}
