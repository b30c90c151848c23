// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package payload reads from the bodies of Shopify's deliveries what may be
// logged. It is an allow-list: what is not named here is skipped unread, so that
// no personal data can slip through. Every field is optional, because
// subscriptions can leave any of them out.
package payload // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// Field is a place in a payload that may be logged.
type Field = allowlist.Field

// The fields. Their comments name the places that they stand for.
const (
	_ Field = iota
	// ID is id, of any type: an integer, perhaps above 2^53, or a GID.
	ID
	// GraphQLID is admin_graphql_api_id.
	GraphQLID
	// Name is name. It is an order's ("#1001"), a fulfillment's ("#1001.1"), a draft
	// order's ("#D1") or a return's ("#1001-R1"); elsewhere it may be a person's.
	Name
	// OrderID is order_id, or an order's id within another object.
	OrderID
	// CustomerID is customer_id, the GID of a customer that was kept in a merge, or a
	// customer's GID in the newer topics.
	CustomerID
	FulfillmentID
	// FulfillmentOrderID, RefundID and ReturnID are what an Events delivery is about.
	FulfillmentOrderID
	RefundID
	ReturnID
	Status
	ShipmentStatus
	FinancialStatus
	FulfillmentStatus
	CancelReason
	State
	Currency
	TotalPrice
	Amount
	Kind
	ErrorCode
	TrackingCompany
	Reason
	// The times, in the order in which they are preferred.
	HappenedAt
	UpdatedAt
	ProcessedAt
	CreatedAt
	// DataRequestID is data_request.id of customers/data_request.
	DataRequestID
	// FieldsChanged are the names of the fields that an Events delivery reports,
	// such as customer.firstName, with commas between them.
	FieldsChanged

	fieldCount
)

// Payload holds the values of the fields, as text; numbers as they were written.
// A field that is missing, null or of another type is empty.
type Payload [fieldCount]string

// Get returns a field's value.
func (p *Payload) Get(field Field) string {
	return p[field]
}

var _ allowlist.Keeper = (*Payload)(nil)

// Parse reads a body, which must be one JSON object, into an empty payload. Its
// error quotes nothing of the body.
func (p *Payload) Parse(body []byte) error {
	return allowlist.Object(body, root, p)
}

// Keep keeps a value that may be what its field stands for, and is the first of it.
func (p *Payload) Keep(field Field, value jsontext.Value) {
	if p[field] != "" {
		return
	}
	switch kind := value.Kind(); {
	case field == FieldsChanged && (kind == '[' || kind == '{'):
		p[field] = names(value)
	case kind == '"' || kind == '0':
		if text := allowlist.Text(value); fits(field, text) {
			p[field] = text
		}
	}
}
