// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/record"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/topic"
)

// outcome is what the payload says of how it went; the zero value where it says
// nothing.
type outcome struct {
	// word is the vendor's, such as in_transit.
	word    string
	status  activity.Status
	failure *activity.Failure
}

// outcomeOf reads how a fulfillment or a payment went.
func outcomeOf(t topic.Topic, p *payload.Payload) outcome {
	switch t.Object {
	case "fulfillment", "fulfillment_event":
		word := p.Get(payload.ShipmentStatus)
		if word == "" || failed(p.Get(payload.Status)) {
			word = p.Get(payload.Status)
		}
		return judge(word, word)
	case "order_transaction":
		return judge(p.Get(payload.Status), p.Get(payload.ErrorCode))
	case "fulfillment_order":
		if t.Status == activity.Error {
			return outcome{failure: &activity.Failure{Type: activity.ErrorOther}}
		}
	}
	return outcome{}
}

// judge gives a vendor's word a status.
func judge(word, code string) outcome {
	o := outcome{word: word}
	switch {
	case failed(word):
		o.status = activity.Error
		o.failure = &activity.Failure{Type: activity.ErrorOther, Code: code}
	case word == "cancelled", word == "attempted_delivery", word == "delayed":
		o.status = activity.Warning
	}
	return o
}

func failed(word string) bool {
	return word == "error" || word == "failure"
}

// describe says in one sentence what happened.
func describe(d header.Delivery, t topic.Topic, p *payload.Payload, s subject, o outcome) string {
	switch {
	case t.Type == topic.Compliance:
		return t.Says
	case t.Type == topic.App:
		return "App " + t.Says
	case t.Type == topic.Other:
		return other(d, s)
	case t.Type == topic.Fulfillment:
		return ofFulfillment(t, s, o)
	case t.Object == "order_transaction":
		return ofTransaction(p, s, o)
	}
	return ofObject(t, s)
}

func ofObject(t topic.Topic, s subject) string {
	words := []string{topic.Noun(t.Object)}
	if s.label != "" {
		words = append(words, s.label)
	}
	if order := s.order(); order != "" && t.Object != "order" && t.Object != "draft_order" {
		words = append(words, "of order", order)
	}
	return strings.Join(append(words, t.Says), " ")
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
	case t.Object == "fulfillment_event" && t.Says == "created" && o.word != "":
		return noun + ": " + o.word
	case t.Object == "fulfillment_event":
		return noun + ": event " + t.Says
	case o.word != "":
		return noun + " " + t.Says + ": " + o.word
	}
	return noun + " " + t.Says
}

func ofTransaction(p *payload.Payload, s subject, o outcome) string {
	kind := p.Get(payload.Kind)
	if kind == "" {
		kind = "transaction"
	}
	sentence := topic.Noun(kind)
	if order := s.order(); order != "" {
		sentence += " for order " + order
	}
	if o.word != "" {
		sentence += ": " + o.word
	}
	if o.failure != nil && o.failure.Code != "" {
		sentence += " (" + o.failure.Code + ")"
	}
	return sentence
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
