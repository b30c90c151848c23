// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package payload reads from the bodies of Shopify's deliveries what may be
// logged. It is an allow-list: what is not named here is skipped unread, so that
// no personal data can slip through. Every field is optional, because
// subscriptions can leave any of them out.
package payload // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Field is a place in a payload that may be logged.
type Field uint8

// The fields. Their comments name the places that they stand for.
const (
	none Field = iota
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

var errNoObject = errors.New("body is no JSON object")

// reader is a decoder that is used again. It reads from a [bytes.Buffer], which the
// decoder does not copy.
type reader struct {
	decoder jsontext.Decoder
	buffer  bytes.Buffer
}

var readers = sync.Pool{New: func() any { return new(reader) }}

var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

func (r *reader) reset(body []byte) {
	r.buffer = *bytes.NewBuffer(body)
	r.decoder.Reset(&r.buffer, lenient...)
}

// Parse reads a body, which must be one JSON object, into an empty payload. Its
// error quotes nothing of the body.
func (p *Payload) Parse(body []byte) error {
	r := readers.Get().(*reader)
	defer func() {
		r.reset(nil) // keep no reference to the body
		readers.Put(r)
	}()
	r.reset(body)

	if r.decoder.PeekKind() != '{' {
		return errNoObject
	}
	if err := p.object(&r.decoder, root); err != nil {
		return syntaxError(err)
	}
	if _, err := r.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("body has more than one JSON value")
	}
	return nil
}

func syntaxError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("body is JSON that ends early")
	}
	return errors.New("body is not valid JSON")
}

func (p *Payload) object(dec *jsontext.Decoder, members map[string]node) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadValue()
		if err != nil {
			return err
		}
		// no name in the allow-list needs an escape
		n := members[string(bytes.Trim(name, `"`))]
		if err := p.value(dec, n); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func (p *Payload) value(dec *jsontext.Decoder, n node) error {
	switch kind := dec.PeekKind(); {
	case kind == '{' && n.members != nil:
		return p.object(dec, n.members)
	case n.field == FieldsChanged && (kind == '[' || kind == '{'):
		return p.names(dec)
	case n.field != none && (kind == '"' || kind == '0'):
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if value := token.String(); p[n.field] == "" && fits(n.field, value) {
			p[n.field] = value
		}
		return nil
	default:
		return dec.SkipValue()
	}
}
