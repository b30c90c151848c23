// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package record makes an activity of one of Shopify's deliveries.
package record // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/record"

import (
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/topic"
)

// New returns the activity, and whether its topic is known. A topic that is not
// known is logged under its own name.
func New(d header.Delivery, p *payload.Payload, received time.Time) (a activity.Activity, known bool) {
	t, known := lookup(d)
	s := subjectOf(d, t, p)
	a = activity.Activity{
		ID:              id(d),
		Product:         activity.Shopify,
		Type:            t.Type,
		Evidence:        activity.SourceChange,
		Account:         d.ShopDomain,
		IntegrationName: d.Name,
		Time:            happened(d, p),
		Observed:        received,
		Status:          t.Status,
		ObjectType:      t.Object,
		ObjectID:        s.id,
		Attributes:      attributes(d, t, p, s),
	}
	outcome := outcomeOf(d, t, p)
	if outcome.status != "" {
		a.Status = outcome.status
	}
	a.Error = outcome.failure
	a.Description = describe(d, t, p, s, outcome)
	return a, known
}

func lookup(d header.Delivery) (topic.Topic, bool) {
	var t topic.Topic
	var known bool
	if d.Events {
		t, known = topic.LookupEvent(d.Topic, d.Action)
	} else {
		t, known = topic.Lookup(d.Topic)
	}
	if !known {
		t = topic.Topic{Type: topic.Other, Status: activity.Info}
	}
	return t, known
}

// id is what tells a delivery from every other: Shopify's id of the delivery alone
// would be enough if the header were signed.
func id(d header.Delivery) string {
	return strings.Join([]string{d.ShopDomain, d.Topic, d.WebhookID}, "/")
}

// happened is when Shopify triggered the delivery, or else the payload's latest
// time. It is zero where neither is there.
func happened(d header.Delivery, p *payload.Payload) time.Time {
	if activity.Representable(d.TriggeredAt) {
		return d.TriggeredAt
	}
	for _, field := range [...]payload.Field{payload.HappenedAt, payload.UpdatedAt, payload.ProcessedAt, payload.CreatedAt} {
		if at := activity.ParseTime(p.Get(field)); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// maxAttributes is how many Shopify's own there can be.
const maxAttributes = 24

// attributes are Shopify's own.
func attributes(d header.Delivery, t topic.Topic, p *payload.Payload, s subject) []attribute.KeyValue {
	var all [maxAttributes]attribute.KeyValue
	kvs := all[:0]
	add := func(key, value string) {
		if value != "" {
			kvs = append(kvs, attribute.String(key, value))
		}
	}
	add("shopify.topic", d.Topic)
	add("shopify.action", d.Action)
	add("shopify.webhook.id", d.WebhookID)
	add("shopify.event.id", d.EventID)
	add("shopify.api.version", d.APIVersion)
	if d.Test {
		kvs = append(kvs, attribute.Bool("shopify.test", true))
	}
	if t.Type == topic.Compliance {
		// whom it concerns is what the request wants forgotten
		add("shopify.data_request.id", firstID(p.Get(payload.DataRequestID)))
		return slices.Clone(kvs)
	}
	add("shopify.fields_changed", p.Get(payload.FieldsChanged))
	add("shopify.order.id", s.orderID)
	add("shopify.order.name", s.orderName)
	add("shopify.customer.id", s.customerID)
	add("shopify.fulfillment.id", firstID(p.Get(payload.FulfillmentID)))
	add("shopify.status", p.Get(payload.Status))
	add("shopify.shipment.status", p.Get(payload.ShipmentStatus))
	add("shopify.financial.status", p.Get(payload.FinancialStatus))
	add("shopify.fulfillment.status", p.Get(payload.FulfillmentStatus))
	add("shopify.cancel.reason", p.Get(payload.CancelReason))
	add("shopify.reason", p.Get(payload.Reason))
	add("shopify.customer.state", stateOf(t, p))
	add("shopify.transaction.kind", p.Get(payload.Kind))
	add("shopify.tracking.company", p.Get(payload.TrackingCompany))
	add("shopify.amount", amount(p))
	add("shopify.currency", p.Get(payload.Currency))
	return slices.Clone(kvs)
}

func stateOf(t topic.Topic, p *payload.Payload) string {
	if t.Object != "customer" {
		return ""
	}
	return p.Get(payload.State)
}

func amount(p *payload.Payload) string {
	if total := p.Get(payload.TotalPrice); total != "" {
		return total
	}
	return p.Get(payload.Amount)
}
