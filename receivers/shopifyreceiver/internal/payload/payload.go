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
	"strings"
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
	// FieldsChanged are the names of the fields that an Events delivery reports.
	FieldsChanged

	fieldCount
)

// maxValue bounds a value that is kept, in bytes; ids, words and times stay far
// below.
const maxValue = 255

// maxFieldsChanged bounds how many names of changed fields are kept.
const maxFieldsChanged = 50

// node says what to keep of a member of an object.
type node struct {
	// field is what a string, number or list of names is kept as.
	field Field
	// members are entered where the value is an object.
	members map[string]node
}

var orderReference = map[string]node{"id": {field: OrderID}}

var root = map[string]node{
	"id":                                 {field: ID},
	"admin_graphql_api_id":               {field: GraphQLID},
	"name":                               {field: Name},
	"order_id":                           {field: OrderID},
	"order":                              {members: orderReference},
	"customer_id":                        {field: CustomerID},
	"customerId":                         {field: CustomerID},
	"admin_graphql_api_customer_id":      {field: CustomerID},
	"admin_graphql_api_customer_kept_id": {field: CustomerID},
	"fulfillment_id":                     {field: FulfillmentID},
	"status":                             {field: Status},
	"shipment_status":                    {field: ShipmentStatus},
	"financial_status":                   {field: FinancialStatus},
	"fulfillment_status":                 {field: FulfillmentStatus},
	"cancel_reason":                      {field: CancelReason},
	"state":                              {field: State},
	"currency":                           {field: Currency},
	"total_price":                        {field: TotalPrice},
	"amount":                             {field: Amount},
	"kind":                               {field: Kind},
	"error_code":                         {field: ErrorCode},
	"tracking_company":                   {field: TrackingCompany},
	"reason":                             {field: Reason},
	"happened_at":                        {field: HappenedAt},
	"occurredAt":                         {field: HappenedAt},
	"updated_at":                         {field: UpdatedAt},
	"processed_at":                       {field: ProcessedAt},
	"created_at":                         {field: CreatedAt},
	"fields_changed":                     {field: FieldsChanged},
	"data_request":                       {members: map[string]node{"id": {field: DataRequestID}}},
	"order_edit": {members: map[string]node{
		"id": {field: ID}, "order_id": {field: OrderID}, "created_at": {field: CreatedAt},
	}},
	"fulfillment_order": {members: map[string]node{
		"id": {field: ID}, "status": {field: Status}, "order_id": {field: OrderID},
	}},
	"original_fulfillment_order": {members: map[string]node{"id": {field: ID}, "status": {field: Status}}},
	"fulfillment_hold":           {members: map[string]node{"reason": {field: Reason}}},
}

// Payload holds the values of the fields, as text; numbers as they were written.
// A field that is missing, null or of another type is empty.
type Payload [fieldCount]string

// Get returns a field's value.
func (p *Payload) Get(field Field) string {
	return p[field]
}

var errNoObject = errors.New("body is no JSON object")

var decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}

// Parse reads a body, which must be one JSON object. Its error quotes nothing of
// the body.
func Parse(body []byte) (*Payload, error) {
	dec := decoders.Get().(*jsontext.Decoder)
	defer func() {
		dec.Reset(bytes.NewReader(nil)) // keep no reference to the body
		decoders.Put(dec)
	}()
	dec.Reset(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

	p := new(Payload)
	if dec.PeekKind() != '{' {
		return nil, errNoObject
	}
	if err := p.object(dec, root); err != nil {
		return nil, syntaxError(err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("body has more than one JSON value")
	}
	return p, nil
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

// fits tells whether a value may be what the field stands for: ids, words, amounts
// and times, but for the few names that people give. So an address that turns up
// where an id should be is not kept.
func fits(field Field, value string) bool {
	if len(value) > maxValue {
		return false
	}
	switch field {
	case Name, TrackingCompany, HappenedAt, UpdatedAt, ProcessedAt, CreatedAt:
		return true
	}
	for i := range len(value) {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(":/_.?=-", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// names collects the names of changed fields: a flat list until September 2026, an
// object of the lists added, updated and removed since.
// Source: https://shopify.dev/changelog/updates-to-events-payloads-and-subscription-configuration
func (p *Payload) names(dec *jsontext.Decoder) error {
	var names []string
	depth := dec.StackDepth()
	for {
		inList := dec.StackDepth() > depth
		if inList {
			kind, _ := dec.StackIndex(dec.StackDepth())
			inList = kind == '['
		}
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if inList && token.Kind() == '"' && len(names) < maxFieldsChanged {
			if name := token.String(); fits(FieldsChanged, name) {
				names = append(names, name)
			}
		}
		if dec.StackDepth() == depth {
			p[FieldsChanged] = strings.Join(names, ",")
			return nil
		}
	}
}
