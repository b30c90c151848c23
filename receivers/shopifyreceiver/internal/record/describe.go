// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/record"

import (
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/topic"
)

// describe says in one sentence what happened.
func describe(d header.Delivery, t topic.Topic, p *payload.Payload, s subject, o outcome) string {
	switch {
	case t.Sentence != "":
		return t.Sentence
	case t.Type == topic.Other:
		return other(d, s)
	case t.Type == topic.Fulfillment:
		return ofFulfillment(t, s, o)
	case t.Object == "order_transaction":
		return ofTransaction(t, p, s, o)
	case d.Topic == topicMerge:
		return ofMerge(s, o)
	}
	return ofObject(t, s, o)
}

func ofObject(t topic.Topic, s subject, o outcome) string {
	sentence := topic.Noun(t.Object)
	if s.label != "" {
		sentence += " " + s.label
	}
	switch order := s.order(); {
	case t.Object == "order" || t.Object == "draft_order" || t.Object == "customer":
	case order != "":
		sentence += " of order " + order
	case s.customerID != "":
		sentence += " of customer " + s.customerID
	}
	return sentence + " " + t.Says + o.suffix()
}

func ofFulfillment(t topic.Topic, s subject, o outcome) string {
	noun := "Fulfillment"
	if t.Object == "fulfillment_order" {
		noun = "Fulfillment order"
	}
	switch order := s.order(); {
	case t.Object == "fulfillment_order" && s.id != "":
		noun += " " + s.id
	case order != "":
		noun += " of order " + order
	case s.id != "":
		noun += " " + s.id
	}
	switch {
	case t.Object == "fulfillment_event" && t.Says == "created" && o.word != "",
		t.Object == "fulfillment" && t.Says == "updated" && o.word != "":
		return noun + ": " + o.word
	case t.Object == "fulfillment_event":
		return noun + ": event " + t.Says
	}
	sentence := noun + " " + t.Says
	if o.word != "" {
		sentence += ": " + o.word
	}
	return sentence
}

func ofTransaction(t topic.Topic, p *payload.Payload, s subject, o outcome) string {
	kind := p.Get(payload.Kind)
	if kind == "" {
		kind = "transaction"
	}
	sentence := topic.Noun(kind)
	switch order := s.order(); {
	case order != "":
		sentence += " for order " + order
	case s.id != "":
		sentence += " " + s.id
	}
	if o.word == "" {
		return sentence + " " + t.Says
	}
	return sentence + o.suffix()
}

func ofMerge(s subject, o outcome) string {
	sentence := "Merge of customers"
	if s.id != "" {
		sentence = "Merge of customer " + s.id + " with another"
	}
	return sentence + o.suffix()
}

func other(d header.Delivery, s subject) string {
	sentence := d.Topic
	if d.Action != "" {
		sentence += " " + d.Action
	}
	if s.id != "" {
		sentence += " " + s.id
	}
	return sentence
}

// suffix ends a sentence with how it went, and the code of a failure.
func (o outcome) suffix() string {
	if o.word == "" {
		return ""
	}
	suffix := ": " + o.word
	if o.failure != nil && o.failure.Code != "" {
		suffix += " (" + o.failure.Code + ")"
	}
	return suffix
}
