// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/label"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
)

// labels gives resources and records the labels that package label says they have, and
// keeps what they had before.
type labels struct{ *label.Admission }

// settleResource gives the resource the labels service.name and service.namespace,
// and takes product and status off it: Loki would rename them there.
func (l labels) settleResource(resource pcommon.Resource) (wanted label.Resource, changes change.Set) {
	attributes := resource.Attributes()
	wanted = label.OfResource(resource)
	changes |= settleLabel(attributes, activity.ServiceNameKey, wanted.Service)
	changes |= settleLabel(attributes, activity.ServiceNamespaceKey, wanted.Namespace)
	changes |= takeLabel(attributes, activity.ProductKey)
	changes |= takeLabel(attributes, activity.StatusKey)

	wanted, admitted := l.Resource(wanted)
	if !admitted {
		replaceLabel(attributes, activity.ServiceNameKey, wanted.Service)
		replaceLabel(attributes, activity.ServiceNamespaceKey, wanted.Namespace)
		changes |= change.Of(change.TooManyProducts)
	}
	return wanted, changes
}

// settleRecord gives the record the labels product and status.
func (l labels) settleRecord(record plog.LogRecord, resource label.Resource) (changes change.Set) {
	attributes := record.Attributes()
	said := resource.ProductOf(record)
	product, admitted := l.Product(resource, said)
	changes |= settleInherited(attributes, activity.ProductKey, said, resource.Product)
	if !admitted {
		replaceLabel(attributes, activity.ProductKey, product)
		changes |= change.Of(change.TooManyProducts)
	}

	said, status := resource.StatusOf(record)
	changes |= settleInherited(attributes, activity.StatusKey, said, resource.Status)
	if said != string(status) {
		replaceLabel(attributes, activity.StatusKey, string(status))
		changes |= change.Of(change.UnknownStatus)
	}
	return changes
}

// settleInherited settles a label that the resource may have instead of the record.
func settleInherited(attributes pcommon.Map, key, wanted, inherited string) change.Set {
	changes := settleLabel(attributes, key, wanted)
	if inherited == "" {
		return changes
	}
	switch {
	case changes.Has(change.LabelMissing):
		changes = 0 // It was there, in another place.
	case wanted != inherited:
		attributes.PutStr(lokimeta.ResourcePrefix+key, inherited)
	}
	return changes
}

// settleLabel makes a label what is wanted.
func settleLabel(attributes pcommon.Map, key, wanted string) change.Set {
	value, ok := attributes.Get(key)
	if !ok {
		attributes.PutStr(key, wanted)
		return change.Of(change.LabelMissing)
	}
	changes := lokimeta.MakeRenderable(value)
	original := value.AsString()
	if original == "" {
		value.SetStr(wanted)
		return change.Of(change.LabelMissing)
	}
	// A map would become a label for each of its elements.
	if wanted != original || value.Type() == pcommon.ValueTypeMap {
		changes |= change.Of(change.LabelInvalid)
		replaceLabel(attributes, key, wanted)
	}
	return changes
}

// takeLabel takes a label of the record off the resource.
func takeLabel(attributes pcommon.Map, key string) change.Set {
	value, ok := attributes.Get(key)
	if !ok {
		return 0
	}
	changes := change.Of(change.LabelOnResource) | lokimeta.MakeRenderable(value)
	attributes.Remove(key)
	return changes
}

// replaceLabel replaces a label and keeps what it was.
func replaceLabel(attributes pcommon.Map, key, wanted string) {
	value, ok := attributes.Get(key)
	if !ok {
		return
	}
	original := value.AsString()
	value.SetStr(wanted)
	if original == wanted {
		return
	}
	// What came first is what the source said.
	if _, kept := attributes.Get(lokimeta.OriginalPrefix + key); !kept {
		attributes.PutStr(lokimeta.OriginalPrefix+key, original)
	}
}
