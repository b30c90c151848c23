// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/record"

import (
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/topic"
)

// topicMerge is the one topic of customers that may tell of a failure.
const topicMerge = "customers/merge"

// outcome is what the payload says of how it went; the zero value where it says
// nothing.
type outcome struct {
	// word is the vendor's, such as in_transit.
	word    string
	status  activity.Status
	failure *activity.Failure
}

// outcomeOf reads how it went: a delivery, a payment, a merge, a bulk operation.
func outcomeOf(d header.Delivery, t topic.Topic, p *payload.Payload) outcome {
	status := p.Get(payload.Status)
	switch t.Object {
	case "fulfillment", "fulfillment_event":
		word := status
		// how far the parcel has come says more than that it was sent
		if shipment := p.Get(payload.ShipmentStatus); shipment != "" && statusOf(status) == "" {
			word = shipment
		}
		return judge(word, word)
	case "order_transaction", "bulk_operation":
		return judge(status, p.Get(payload.ErrorCode))
	case "fulfillment_order":
		if t.Status == activity.Error {
			return outcome{failure: &activity.Failure{Type: activity.ErrorOther}}
		}
	case "customer":
		if d.Topic == topicMerge {
			return judge(status, "")
		}
	}
	return outcome{}
}

// judge gives a vendor's word a status.
func judge(word, code string) outcome {
	o := outcome{word: word, status: statusOf(word)}
	if o.status == activity.Error {
		o.failure = &activity.Failure{Type: activity.ErrorOther, Code: code}
	}
	return o
}

// statusOf is empty for words that tell of no trouble.
func statusOf(word string) activity.Status {
	switch word {
	case "error", "failure", "failed":
		return activity.Error
	case "cancelled", "canceled", "attempted_delivery", "delayed", "expired":
		return activity.Warning
	}
	return ""
}
