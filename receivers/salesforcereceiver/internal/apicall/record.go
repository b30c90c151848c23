// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package apicall makes an activity of a call to Salesforce that failed.
package apicall // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/apicall"

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/sentence"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

const (
	// Type is the activity.type of a call to the API.
	Type = "api_call"
	// maxName bounds names that are part of a sentence or an attribute.
	maxName = 256
)

// Source is where a call was found.
type Source struct {
	// Account is the org's id.
	Account string
	// FileID is the event log file's, Interval is Hourly or Daily.
	FileID   string
	Interval string
}

// New returns the activity of a call. The ordinal tells calls of equal content apart. The
// id depends on nothing but content and ordinal, so that it is the same whichever file the
// call was found in.
func New(call *callrow.Call, ordinal int, source Source, observed time.Time) activity.Activity {
	failure := failureOf(call)
	a := activity.Activity{
		ID:              strings.Join([]string{shortOrg(source.Account), string(call.Type), hex.EncodeToString(call.Key[:]), strconv.Itoa(ordinal)}, "/"),
		Product:         activity.Salesforce,
		Type:            Type,
		Evidence:        activity.Observed,
		Account:         source.Account,
		IntegrationName: name(call.ConnectedApp),
		Time:            call.Time,
		Observed:        observed,
		Status:          statusOf(call, &failure),
		Description:     describe(call, &failure),
		Error:           &failure,
		HTTPStatusCode:  call.StatusCode,
		Attributes:      attributes(call, source),
	}
	a.ObjectType, a.ObjectID = object(call)
	return a
}

// object is the record that the call was about, or at least the kind of it.
func object(call *callrow.Call) (objectType, objectID string) {
	if call.JobID != "" {
		return "bulk_job", name(call.JobID)
	}
	return strings.ToLower(name(call.Entity)), call.RecordID
}

// shortOrg: an org's id may be given with 15 or 18 characters.
func shortOrg(account string) string {
	if len(account) > 15 {
		return account[:15]
	}
	return account
}

// attributes are the vendor's own, and the method.
func attributes(call *callrow.Call, source Source) []attribute.KeyValue {
	texts := [...]struct{ key, value string }{
		{"http.request.method", method(call.Method)},
		{"salesforce.entity", call.Entity},
		{"salesforce.api.family", call.Family},
		{"salesforce.api.resource", call.Action},
		{"salesforce.connected_app.name", call.ConnectedApp},
		{"salesforce.request.id", call.RequestID},
		{"salesforce.request.status", call.RequestStatus},
		{"salesforce.bulk.job.id", call.JobID},
		{"salesforce.bulk.job.status", call.JobStatus},
		{"salesforce.bulk.operation", call.Operation},
		{"salesforce.event_log_file.type", string(call.Type)},
		{"salesforce.event_log_file.id", source.FileID},
		{"salesforce.event_log_file.interval", source.Interval},
	}
	kvs := make([]attribute.KeyValue, 0, len(texts)+2)
	for _, text := range texts {
		if text.value != "" {
			kvs = append(kvs, attribute.String(text.key, name(text.value)))
		}
	}
	if call.Type == callrow.BulkAPI2 {
		kvs = append(kvs, attribute.Int("salesforce.bulk.records_failed", call.Failed), attribute.Int("salesforce.bulk.records_processed", call.Processed))
	}
	return kvs
}

// method keeps to OpenTelemetry's semantic convention: _OTHER for what is none of HTTP's.
// Source: https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/#http-request-method
func method(text string) string {
	switch text {
	case "", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return text
	default:
		return "_OTHER"
	}
}

func name(text string) string { return activity.Truncate(sentence.OneLine(text), maxName) }
