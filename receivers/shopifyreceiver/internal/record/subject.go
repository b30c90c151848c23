// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/record"

import (
	"strings"

	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/topic"
)

// subject is what a delivery is about.
type subject struct {
	// id is the object's own.
	id string
	// label is how an admin knows the object: "#1001", or its id.
	label string
	// orderID and orderName are the order's that it belongs to, or is.
	orderID   string
	orderName string
	// customerID is the customer's that it belongs to, or is.
	customerID string
}

// order is how an admin knows the order.
func (s subject) order() string {
	if s.orderName != "" {
		return s.orderName
	}
	return s.orderID
}

func subjectOf(d header.Delivery, t topic.Topic, p *payload.Payload) subject {
	if t.Type == topic.Compliance {
		return subject{}
	}
	s := subject{id: objectID(d, t, p)}
	s.label = s.id
	switch t.Type {
	case topic.Customer:
		s.customerID = firstID(p.Get(payload.CustomerID))
	case topic.Order, topic.Fulfillment:
		s.orderID = firstID(p.Get(payload.OrderID), d.OrderID)
	}

	name := p.Get(payload.Name)
	switch t.Object {
	case "customer":
		s.customerID = s.id
	case "order":
		// an edit names the order that it edits
		if s.orderID != "" {
			s.id = s.orderID
		}
		s.orderID, s.orderName, s.label = s.id, name, s.id
		if name != "" {
			s.label = name
		}
	case "fulfillment":
		s.orderName = withoutSuffix(name, ".", "-F")
	case "return":
		s.orderName = withoutSuffix(name, "-R")
		if name != "" {
			s.label = name
		}
	case "draft_order":
		if name != "" {
			s.label = name
		}
	}
	return s
}

func objectID(d header.Delivery, t topic.Topic, p *payload.Payload) string {
	if id := firstID(p.Get(payload.ID), p.Get(payload.GraphQLID), d.ResourceID); id != "" {
		return id
	}
	// Where the object's own id is missing, its type tells what else names it: the
	// newer customer topics and all Events.
	switch t.Object {
	case "customer":
		return firstID(p.Get(payload.CustomerID))
	case "fulfillment_order":
		return firstID(p.Get(payload.FulfillmentOrderID))
	case "refund":
		return firstID(p.Get(payload.RefundID))
	case "return":
		return firstID(p.Get(payload.ReturnID))
	}
	return ""
}

// firstID returns the first id among the values, each a number or a GID such as
// gid://shopify/Order/820982911946154508. What stands for an object without being
// a number is a token: a cart's, or a payment method's.
func firstID(values ...string) string {
	for _, value := range values {
		if gid, ok := strings.CutPrefix(value, "gid://"); ok {
			value = gid[strings.LastIndexByte(gid, '/')+1:]
			value, _, _ = strings.Cut(value, "?")
		}
		if isNumber(value) {
			return value
		}
	}
	return ""
}

// withoutSuffix takes the number off that a fulfillment ("#1001.1", "#1001-F1") or
// a return ("#1001-R1") has behind its order's name. It is empty where there is none.
func withoutSuffix(name string, separators ...string) string {
	for _, separator := range separators {
		if i := strings.LastIndex(name, separator); i > 0 && isNumber(name[i+len(separator):]) {
			return name[:i]
		}
	}
	return ""
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
