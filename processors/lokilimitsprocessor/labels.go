// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/text"
)

// What stands for a label that is missing, and for products beyond max_products.
const (
	unknownProduct = "unknown"
	// unknownService is OpenTelemetry's own word, and Loki's.
	unknownService = "unknown_service"
	other          = "other"
)

// resourceLabels is what the records of a resource need to know of it.
type resourceLabels struct {
	namespace, service string
	// product and status are what the resource said where its records should have.
	product, status string
}

// settleResource gives the resource the labels service.name and service.namespace,
// and takes product and status off it: Loki would rename them there.
func (s *streams) settleResource(resource pcommon.Resource) (labels resourceLabels, changes change.Set) {
	attributes := resource.Attributes()
	labels.service, changes = settleLabel(attributes, activity.ServiceNameKey, unknownService)
	var namespaceChanges change.Set
	labels.namespace, namespaceChanges = settleLabel(attributes, activity.ServiceNamespaceKey, activity.ServiceNamespace)
	changes |= namespaceChanges

	var productChanges, statusChanges change.Set
	labels.product, productChanges = takeLabel(attributes, activity.ProductKey)
	labels.status, statusChanges = takeLabel(attributes, activity.StatusKey)
	changes |= productChanges | statusChanges

	if !s.admitsService(labels.namespace, labels.service) {
		replaceLabel(attributes, activity.ServiceNameKey, other)
		replaceLabel(attributes, activity.ServiceNamespaceKey, activity.ServiceNamespace)
		labels.service, labels.namespace = other, activity.ServiceNamespace
		changes |= change.Of(change.TooManyProducts)
	}
	return labels, changes
}

// settleRecord gives the record the labels product and status.
func (s *streams) settleRecord(record plog.LogRecord, labels resourceLabels) (changes change.Set) {
	attributes := record.Attributes()
	product, changes := settleInherited(attributes, activity.ProductKey, labels.product, productOf(labels.service))
	if product != other && !s.admitsProduct(stream{labels.namespace, labels.service, product}) {
		replaceLabel(attributes, activity.ProductKey, other)
		changes |= change.Of(change.TooManyProducts)
	}
	return changes | settleStatus(record, labels.status)
}

// productOf returns what the product of a record is that does not say.
func productOf(service string) string {
	if strings.HasPrefix(service, unknownService) {
		return unknownProduct
	}
	return service
}

// settleStatus makes the status one of the four, by the severity if it is not.
func settleStatus(record plog.LogRecord, inherited string) (changes change.Set) {
	attributes := record.Attributes()
	bySeverity := string(statusOf(record.SeverityNumber()))
	status, changes := settleInherited(attributes, activity.StatusKey, inherited, bySeverity)
	switch activity.Status(status) {
	case activity.Debug, activity.Info, activity.Warning, activity.Error:
	default:
		replaceLabel(attributes, activity.StatusKey, bySeverity)
		changes |= change.Of(change.UnknownStatus)
	}
	return changes
}

func statusOf(severity plog.SeverityNumber) activity.Status {
	switch {
	case severity >= plog.SeverityNumberError && severity <= plog.SeverityNumberFatal4:
		return activity.Error
	case severity >= plog.SeverityNumberWarn && severity <= plog.SeverityNumberWarn4:
		return activity.Warning
	case severity >= plog.SeverityNumberTrace && severity <= plog.SeverityNumberDebug4:
		return activity.Debug
	default:
		return activity.Info
	}
}

// settleInherited settles a label that the resource may have instead of the record.
func settleInherited(attributes pcommon.Map, key, inherited, fallback string) (string, change.Set) {
	if inherited == "" {
		return settleLabel(attributes, key, fallback)
	}
	label, changes := settleLabel(attributes, key, inherited)
	switch {
	case changes.Has(change.LabelMissing):
		changes = 0 // It was there, in another place.
	case label != inherited:
		attributes.PutStr(lokimeta.ResourcePrefix+key, inherited)
	}
	return label, changes
}

// settleLabel makes the value of a label one that Loki takes and returns it.
func settleLabel(attributes pcommon.Map, key, fallback string) (string, change.Set) {
	value, ok := attributes.Get(key)
	if !ok {
		attributes.PutStr(key, fallback)
		return fallback, change.Of(change.LabelMissing)
	}
	changes := lokimeta.MakeRenderable(value)
	original := value.AsString()
	if original == "" {
		value.SetStr(fallback)
		return fallback, change.Of(change.LabelMissing)
	}
	label := labelValue(original)
	// A map would become a label for each of its elements.
	if label != original || value.Type() == pcommon.ValueTypeMap {
		changes |= change.Of(change.LabelInvalid)
		replaceLabel(attributes, key, label)
	}
	return label, changes
}

// labelValue makes a text one that Loki takes as the value of a label. It reads the
// labels of a stream back with PromQL's parser, for which U+FFFD is an error even
// where it is written as such.
func labelValue(s string) string {
	return text.Cut(strings.ReplaceAll(text.Valid(s), text.Replacement, "?"), lokimeta.MaxLabel)
}

// takeLabel takes a label of the record off the resource and returns it.
func takeLabel(attributes pcommon.Map, key string) (string, change.Set) {
	value, ok := attributes.Get(key)
	if !ok {
		return "", 0
	}
	changes := change.Of(change.LabelOnResource) | lokimeta.MakeRenderable(value)
	label := labelValue(value.AsString())
	attributes.Remove(key)
	return label, changes
}

// replaceLabel replaces a label and keeps what it was.
func replaceLabel(attributes pcommon.Map, key, label string) {
	value, ok := attributes.Get(key)
	if !ok {
		return
	}
	original := value.AsString()
	value.SetStr(label)
	if original == label {
		return
	}
	// What came first is what the source said.
	if _, kept := attributes.Get(lokimeta.OriginalPrefix + key); !kept {
		attributes.PutStr(lokimeta.OriginalPrefix+key, original)
	}
}
