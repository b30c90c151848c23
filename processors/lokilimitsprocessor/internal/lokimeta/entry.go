// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"slices"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/text"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
)

const (
	// maxScopeName and maxSeverityText bound two fields that become metadata.
	maxScopeName    = 256
	maxSeverityText = text.MinLimit

	// Loki's bounds of an entry, limits_config.max_structured_metadata_*.
	lokiMaxAttributes = 128
	lokiMaxBytes      = 64 << 10

	// What is kept free for the record's own fields (severity_number,
	// severity_text, dropped_attributes_count, flags, trace_id, span_id), for the
	// two of the scope, and for the four labels, which are metadata where Loki is
	// not configured to make labels of them.
	reservedAttributes = 16
	reservedBytes      = 1 << 10
)

// The largest values of [Limits].
const (
	MaxAttributes = lokiMaxAttributes - reservedAttributes
	MaxBytes      = lokiMaxBytes
)

// The smallest values of [Limits], so that the shares of the resource and of the
// scope leave room for the important attributes.
const (
	MinAttributes = 64
	MinBytes      = 32 << 10
)

// The shares of resource and scope, which are metadata of every record.
var (
	resourceShare = Usage{Attributes: 24, Bytes: 6 << 10}
	scopeShare    = Usage{Attributes: 8, Bytes: 2 << 10}
)

// Limits bound the metadata of an entry, those of resource and scope included.
type Limits struct {
	// Attributes is their number, between [MinAttributes] and [MaxAttributes].
	Attributes int
	// Bytes is the sum of names and values, between [MinBytes] and [MaxBytes].
	Bytes int
}

// Entry settles records that share a resource and a scope. The zero value is ready
// for [Entry.Resource]; it is for one goroutine.
type Entry struct {
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope

	resourceUsage, sharedUsage Usage
	// names holds the hashes of the names that only a record may have, of those that
	// Loki gives itself, of the resource's and of the scope's.
	names                      []uint64
	resourceNames, sharedNames int
}

// Reset lets go of all records but keeps the memory for the next.
func (e *Entry) Reset() { *e = Entry{names: e.names[:0]} }

// Resource settles a resource. Its labels have to be settled before.
func (e *Entry) Resource(resource pcommon.Resource) (changes change.Set) {
	e.resource = resource
	e.names = slices.Grow(e.names[:0], len(recordOnlyHashes)+len(reservedHashes)+lokiMaxAttributes)
	e.names = append(append(e.names, recordOnlyHashes...), reservedHashes...)
	attributes := resource.Attributes()
	usage, names, ok := measure(attributes, resourceLabels, resourceShare, e.names)
	if !ok {
		taken := takenByRecords()
		takeLabels(taken, attributes, resourceLabels)
		usage, names, changes = settle(attributes, target{
			labels: resourceLabels,
			taken:  taken,
			limit:  resourceShare,
			marker: DroppedResourceAttributesKey,
		}, e.names)
	}
	e.resourceUsage, e.names, e.resourceNames = usage, names, len(names)
	return changes
}

// Scope settles a scope of the resource and clears its version: it changes with
// every release, and a redelivery after one would be a second entry.
func (e *Entry) Scope(scope pcommon.InstrumentationScope) (changes change.Set) {
	e.scope = scope
	scope.SetVersion("")
	e.names = e.names[:e.resourceNames]
	attributes := scope.Attributes()
	limit := scopeShare
	limit.Bytes -= maxScopeName
	usage, names, ok := measure(attributes, nil, limit, e.names)
	if !ok {
		taken := takenByRecords()
		take(taken, e.resource.Attributes(), resourceLabels)
		usage, names, changes = settle(attributes, target{taken: taken, limit: limit, marker: DroppedScopeAttributesKey}, e.names)
	}
	e.names, e.sharedNames = names, len(names)

	name, changed := short(scope.Name(), maxScopeName)
	if changed != 0 {
		scope.SetName(name)
	}
	e.sharedUsage = e.resourceUsage.Plus(usage).Plus(Usage{Bytes: len(name)})
	return changes | changed
}

// Record settles a record of the scope. Its labels have to be settled before.
func (e *Entry) Record(record plog.LogRecord, limits Limits) (changes change.Set) {
	severity, changes := short(record.SeverityText(), maxSeverityText)
	if changes != 0 {
		record.SetSeverityText(severity)
	}
	limit := Usage{
		Attributes: limits.Attributes - e.sharedUsage.Attributes,
		Bytes:      limits.Bytes - reservedBytes - e.sharedUsage.Bytes,
	}
	attributes := record.Attributes()
	// The names that only a record may have are no clash here.
	_, _, ok := measure(attributes, recordLabels, limit, e.names[len(recordOnlyHashes):e.sharedNames])
	if ok {
		return changes
	}
	_, _, settled := settle(attributes, target{
		labels: recordLabels,
		taken:  e.taken(record),
		limit:  limit,
		marker: DroppedAttributesKey,
	}, nil)
	return changes | settled
}

// takenByRecords returns the names that neither a resource nor a scope may have.
func takenByRecords() map[string]string {
	taken := make(map[string]string, len(reserved)+len(recordOnly))
	for _, name := range reserved {
		taken[name] = ""
	}
	for _, key := range recordOnly {
		taken[lokiName(key)] = ""
	}
	return taken
}

// taken returns what an entry of the record has already, with the values.
func (e *Entry) taken(record plog.LogRecord) map[string]string {
	taken := map[string]string{}
	take(taken, e.resource.Attributes(), nil)
	take(taken, e.scope.Attributes(), nil)
	takeField(taken, "scope_name", e.scope.Name())
	takeField(taken, "scope_dropped_attributes_count", number(int64(e.scope.DroppedAttributesCount())))
	takeLabels(taken, record.Attributes(), recordLabels)
	takeField(taken, "severity_number", number(int64(record.SeverityNumber())))
	takeField(taken, "severity_text", record.SeverityText())
	takeField(taken, "dropped_attributes_count", number(int64(record.DroppedAttributesCount())))
	takeField(taken, "flags", number(int64(record.Flags())))
	takeField(taken, "trace_id", record.TraceID().String())
	takeField(taken, "span_id", record.SpanID().String())
	return taken
}

// take adds attributes that have been settled.
func take(taken map[string]string, attributes pcommon.Map, labels []string) {
	takeLabels(taken, attributes, labels)
	for _, a := range collect(attributes, labels).attributes {
		taken[a.name] = a.text
	}
}

func takeLabels(taken map[string]string, attributes pcommon.Map, labels []string) {
	for _, key := range labels {
		if value, ok := attributes.Get(key); ok {
			taken[lokiName(key)] = value.AsString()
		}
	}
}

// takeField adds a field of which Loki makes metadata unless it is empty.
func takeField(taken map[string]string, name, value string) {
	if value != "" {
		taken[name] = value
	}
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// short repairs and cuts a field.
func short(s string, limit int) (string, change.Set) {
	valid := text.Valid(s)
	cut := text.Cut(valid, limit)
	switch {
	case len(cut) < len(valid) || cut != valid:
		return cut, change.Of(change.MetadataTooLarge)
	case valid != s:
		return valid, change.Of(change.InvalidText)
	default:
		return s, 0
	}
}
