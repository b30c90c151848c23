// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package label // import "github.com/integrationlog/integrationlog/internal/label"

import (
	"cmp"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/text"
)

// Resource is what the labels of a resource's records depend on.
type Resource struct {
	// Namespace and Service are labels themselves; they are never empty.
	Namespace, Service string
	// Product and Status are what the resource says where its records should; they are
	// empty where it does not.
	Product, Status string
}

// OfResource returns what a resource says, before [Admission.Resource].
func OfResource(resource pcommon.Resource) Resource {
	attributes := resource.Attributes()
	return Resource{
		Namespace: cmp.Or(Of(attributes, activity.ServiceNamespaceKey), activity.ServiceNamespace),
		Service:   cmp.Or(Of(attributes, activity.ServiceNameKey), UnknownService),
		Product:   Of(attributes, activity.ProductKey),
		Status:    Of(attributes, activity.StatusKey),
	}
}

// ProductOf returns the product of a record, before [Admission.Product]: what it says,
// or else its resource, or else the name of the service.
func (r Resource) ProductOf(record plog.LogRecord) string {
	return cmp.Or(Of(record.Attributes(), activity.ProductKey), r.Product, productOf(r.Service))
}

func productOf(service string) string {
	if strings.HasPrefix(service, UnknownService) {
		return UnknownProduct
	}
	return service
}

// StatusOf returns the status of a record: what it says, or else its resource, or else
// what its severity number stands for. That is the status too if said is none of the four.
func (r Resource) StatusOf(record plog.LogRecord) (said string, status activity.Status) {
	bySeverity := statusOf(record.SeverityNumber())
	said = cmp.Or(Of(record.Attributes(), activity.StatusKey), r.Status, string(bySeverity))
	switch status = activity.Status(said); status {
	case activity.Debug, activity.Info, activity.Warning, activity.Error:
		return said, status
	default:
		return said, bySeverity
	}
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

// ID returns the id of a record's activity, as it is; it is empty where there is none.
func ID(record plog.LogRecord) string {
	value, ok := record.Attributes().Get(activity.IDKey)
	if !ok {
		return ""
	}
	return text.Of(value)
}
