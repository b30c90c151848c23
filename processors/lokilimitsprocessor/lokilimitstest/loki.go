// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package lokilimitstest helps to test the loki_limits processor: it makes records
// that Loki refuses, and it knows, apart from the processor, what Loki stores and
// what it refuses. A test beside a real Loki shows that it knows that rightly.
package lokilimitstest // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Loki's limits, as limits_config of this project sets them.
const (
	MaxLine            = 256 << 10
	MaxMetadataBytes   = 64 << 10
	MaxMetadataEntries = 128
	MaxLabelValue      = 2048
	MaxLabels          = 15
	CreationGrace      = 10 * time.Minute
	RejectAge          = 8 * 24 * time.Hour
)

// Pair is one name and value of an entry's structured metadata.
type Pair struct {
	Name, Value string
}

// Entry is what Loki makes of one record.
type Entry struct {
	// Labels are those of the stream.
	Labels map[string]string
	// Time is in nanoseconds since 1970, as Loki reads it.
	Time int64
	Line string
	// Metadata is in no particular order and may hold a name twice.
	Metadata []Pair
}

// Entries returns what Loki makes of logs. An error means that Loki refuses the whole
// push before it looks at a single entry.
func Entries(logs plog.Logs) ([]Entry, error) {
	var entries []Entry
	for _, resource := range logs.ResourceLogs().All() {
		labels, shared, err := translate(resource.Resource().Attributes(), "service.name", "service.namespace")
		if err != nil {
			return nil, err
		}
		for _, scope := range resource.ScopeLogs().All() {
			ofScope, err := ofScope(scope.Scope())
			if err != nil {
				return nil, err
			}
			for _, record := range scope.LogRecords().All() {
				entry, err := ofRecord(record)
				if err != nil {
					return nil, err
				}
				for name, value := range labels {
					if _, own := entry.Labels[name]; !own {
						entry.Labels[name] = value
					}
				}
				entry.Metadata = append(append(entry.Metadata, shared...), ofScope...)
				entries = append(entries, entry)
			}
		}
	}
	return entries, nil
}

func ofRecord(record plog.LogRecord) (Entry, error) {
	labels, metadata, err := translate(record.Attributes(), "product", "status")
	if err != nil {
		return Entry{}, err
	}
	if record.Timestamp() != 0 && record.ObservedTimestamp() != 0 {
		metadata = append(metadata, Pair{"observed_timestamp", fmt.Sprint(int64(record.ObservedTimestamp()))})
	}
	metadata = appendNumber(metadata, "severity_number", int64(record.SeverityNumber()))
	metadata = appendText(metadata, "severity_text", record.SeverityText())
	metadata = appendNumber(metadata, "dropped_attributes_count", int64(record.DroppedAttributesCount()))
	metadata = appendNumber(metadata, "flags", int64(record.Flags()))
	metadata = appendText(metadata, "trace_id", record.TraceID().String())
	metadata = appendText(metadata, "span_id", record.SpanID().String())
	return Entry{
		Labels:   labels,
		Time:     int64(record.Timestamp()),
		Line:     record.Body().AsString(),
		Metadata: metadata,
	}, nil
}

func ofScope(scope pcommon.InstrumentationScope) ([]Pair, error) {
	_, metadata, err := translate(scope.Attributes())
	metadata = appendText(metadata, "scope_name", scope.Name())
	metadata = appendText(metadata, "scope_version", scope.Version())
	return appendNumber(metadata, "scope_dropped_attributes_count", int64(scope.DroppedAttributesCount())), err
}

func appendText(metadata []Pair, name, value string) []Pair {
	if value == "" {
		return metadata
	}
	return append(metadata, Pair{name, value})
}

func appendNumber(metadata []Pair, name string, value int64) []Pair {
	if value == 0 {
		return metadata
	}
	return append(metadata, Pair{name, fmt.Sprint(value)})
}

// translate splits attributes into labels and metadata.
func translate(attributes pcommon.Map, labelKeys ...string) (labels map[string]string, metadata []Pair, err error) {
	labels = map[string]string{}
	for key, value := range attributes.All() {
		pairs, err := flatten(nil, key, value)
		if err != nil {
			return nil, nil, err
		}
		isLabel := false
		for _, labelKey := range labelKeys {
			isLabel = isLabel || key == labelKey
		}
		if !isLabel {
			metadata = append(metadata, pairs...)
			continue
		}
		for _, pair := range pairs {
			labels[pair.Name] = pair.Value
		}
	}
	return labels, metadata, nil
}

func flatten(pairs []Pair, key string, value pcommon.Value) ([]Pair, error) {
	namer := otlptranslator.LabelNamer{}
	name, err := namer.Build(key)
	if err != nil {
		return nil, fmt.Errorf("attribute %q: %w", key, err)
	}
	if value.Type() != pcommon.ValueTypeMap {
		return append(pairs, Pair{name, value.AsString()}), nil
	}
	for child, childValue := range value.Map().All() {
		if pairs, err = flatten(pairs, name+"_"+child, childValue); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

// Refusal returns why Loki would refuse the entry at a time, or store it otherwise
// than it was sent, or let it harm others. It returns nil if the entry is good.
func (e *Entry) Refusal(now time.Time) error {
	var errs []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(e.Time < now.Add(-RejectAge).UnixNano(), "too old: %d", e.Time)
	refuse(e.Time > now.Add(CreationGrace).UnixNano(), "too far ahead: %d", e.Time)
	refuse(len(e.Line) > MaxLine, "line of %d bytes", len(e.Line))
	refuse(!utf8.ValidString(e.Line), "line is no UTF-8")

	refuse(len(e.Labels) == 0 || len(e.Labels) > MaxLabels, "%d labels", len(e.Labels))
	for name, value := range e.Labels {
		refuse(value == "", "label %s is empty", name)
		refuse(len(value) > MaxLabelValue, "label %s of %d bytes", name, len(value))
		refuse(!utf8.ValidString(value), "label %s is no UTF-8: Loki drops the entry and says nothing", name)
		refuse(strings.ContainsRune(value, utf8.RuneError), "label %s has U+FFFD", name)
	}

	size, seen := 0, map[string]bool{}
	for _, pair := range e.Metadata {
		size += len(pair.Name) + len(pair.Value)
		refuse(!utf8.ValidString(pair.Value), "metadata %s is no UTF-8", pair.Name)
		refuse(strings.HasPrefix(pair.Name, "__"), "metadata %s is reserved", pair.Name)
		refuse(seen[pair.Name], "metadata %s is there twice: Loki keeps one of them", pair.Name)
		_, isLabel := e.Labels[pair.Name]
		refuse(isLabel, "metadata %s is a label too: Loki renames it", pair.Name)
		refuse(pair.Name == "activity_id" && strings.ContainsRune(pair.Value, utf8.RuneError), "activity_id has U+FFFD: Loki replaces it")
		seen[pair.Name] = true
	}
	refuse(len(e.Metadata) > MaxMetadataEntries, "%d pieces of metadata", len(e.Metadata))
	refuse(size > MaxMetadataBytes, "metadata of %d bytes", size)
	refuse(seen["observed_timestamp"] || seen["scope_version"], "what changes between deliveries is stored")
	return errors.Join(errs...)
}

// Check returns why Loki would refuse any part of logs.
func Check(logs plog.Logs, now time.Time) error {
	if logs.LogRecordCount() == 0 {
		return errors.New("an empty push is refused")
	}
	entries, err := Entries(logs)
	if err != nil {
		return fmt.Errorf("the whole push is refused: %w", err)
	}
	for i := range entries {
		if err := entries[i].Refusal(now); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return nil
}

// NotATime is a timestamp that Loki reads as one before 1970.
const NotATime = pcommon.Timestamp(math.MaxInt64) + 1000
