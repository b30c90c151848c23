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
	if t.Type == topic.Order || t.Type == topic.Fulfillment {
		s.orderID = tail(p.Get(payload.OrderID))
		if s.orderID == "" {
			s.orderID = d.OrderID
		}
	}

	name := p.Get(payload.Name)
	switch t.Object {
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
		s.orderName = withoutSuffix(name, ".")
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
	candidates := []string{p.Get(payload.ID), p.Get(payload.GraphQLID), d.ResourceID}
	if t.Object == "customer" {
		candidates = append(candidates, p.Get(payload.CustomerID))
	}
	for _, candidate := range candidates {
		if candidate != "" {
			return tail(candidate)
		}
	}
	return ""
}

// tail is the id within a GID such as gid://shopify/Order/820982911946154508.
func tail(gid string) string {
	if !strings.HasPrefix(gid, "gid://") {
		return gid
	}
	id := gid[strings.LastIndexByte(gid, '/')+1:]
	id, _, _ = strings.Cut(id, "?")
	return id
}

// withoutSuffix takes the number off that a fulfillment ("#1001.1") or a return
// ("#1001-R1") has behind its order's name.
func withoutSuffix(name, separator string) string {
	if i := strings.LastIndex(name, separator); i > 0 {
		return name[:i]
	}
	return name
}
