// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"slices"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Attributes that tell what was changed.
const (
	// OriginalPrefix, followed by the key of a label, holds what the label was.
	OriginalPrefix = "loki_limits.original."
	// ResourcePrefix, followed by product or status, holds what the resource said
	// where its record said something else.
	ResourcePrefix = "loki_limits.resource."
	// DroppedAttributesKey and its like tell how many attributes were dropped. The
	// same with digestSuffix holds a digest of them.
	DroppedAttributesKey         = "loki_limits.dropped_attributes"
	DroppedResourceAttributesKey = "loki_limits.dropped_resource_attributes"
	DroppedScopeAttributesKey    = "loki_limits.dropped_scope_attributes"

	digestSuffix = "_digest"
)

// The keys that Loki makes labels of, see limits_config.otlp_config in config/.
var (
	recordLabels   = []string{activity.ProductKey, activity.StatusKey}
	resourceLabels = []string{activity.ServiceNameKey, activity.ServiceNamespaceKey}
)

// important lists what is kept before anything else, the most important first.
var important = []string{
	activity.IDKey,
	activity.TypeKey,
	activity.EvidenceKey,
	activity.IntegrationNameKey,
	activity.AccountKey,
	activity.ObjectTypeKey,
	activity.ObjectIDKey,
	activity.ErrorTypeKey,
	activity.ErrorCodeKey,
	activity.ErrorMessageKey,
	activity.HTTPStatusCodeKey,
	activity.StatusOriginalKey,
	activity.SourceTimestampKey,
	OriginalPrefix + activity.ProductKey,
	OriginalPrefix + activity.StatusKey,
	OriginalPrefix + activity.ServiceNameKey,
	OriginalPrefix + activity.ServiceNamespaceKey,
	ResourcePrefix + activity.ProductKey,
	ResourcePrefix + activity.StatusKey,
	activity.PayloadKey,
}

var ranks = func() map[string]int {
	ranks := make(map[string]int, len(important))
	for rank, key := range important {
		ranks[key] = rank
	}
	return ranks
}()

// ofResource are the important ones that belong to a resource.
var ofResource = []string{
	activity.AccountKey,
	OriginalPrefix + activity.ServiceNameKey,
	OriginalPrefix + activity.ServiceNamespaceKey,
}

// recordOnly are the keys that a resource or a scope must not take from a record.
var recordOnly = func() []string {
	keys := slices.DeleteFunc(slices.Clone(important), func(key string) bool {
		return slices.Contains(ofResource, key)
	})
	return append(keys,
		DroppedAttributesKey, DroppedAttributesKey+digestSuffix,
		DroppedScopeAttributesKey, DroppedScopeAttributesKey+digestSuffix,
	)
}()

// reserved are the names that Loki gives to labels and to fields of a record.
var reserved = []string{
	"product", "status", "service_name", "service_namespace",
	"severity_number", "severity_text", "observed_timestamp",
	"dropped_attributes_count", "flags", "trace_id", "span_id",
	"scope_name", "scope_version", "scope_dropped_attributes_count",
}

var (
	idName = lokiName(activity.IDKey)
	idHash = nameHash(idName)

	recordOnlyHashes = hashes(recordOnly)
	reservedHashes   = hashes(reserved)
)

func hashes(keys []string) []uint64 {
	hashes := make([]uint64, len(keys))
	for i, key := range keys {
		hashes[i] = nameHash(lokiName(key))
	}
	return hashes
}
