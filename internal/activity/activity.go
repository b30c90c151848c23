// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity // import "github.com/integrationlog/integrationlog/internal/activity"

import (
	"time"

	"go.opentelemetry.io/otel/attribute"
)

// Activity is one thing that an integration did. Receivers fill in what their
// source tells; an empty field leaves no attribute.
type Activity struct {
	// ID is the source's id: the same on every redelivery and unlike every other
	// activity's of the product. Without it a redelivery cannot be recognised; the
	// intake then makes one up, so that no two activities become one.
	ID string
	// Product and Type tell what worked, and at what.
	Product Product
	Type    string
	// Evidence tells how the activity is known.
	Evidence Evidence
	// Account tells whose integration it is; it belongs to the resource.
	Account string
	// IntegrationName tells which integration of the product it was.
	IntegrationName string
	// Time is when it happened at the source; zero where the source does not tell.
	Time time.Time
	// Observed is when it was received.
	Observed time.Time
	// Status is empty where the severity processor has to find it out.
	Status Status
	// Description is one sentence that an admin understands. For a failure it
	// carries the error's details.
	Description string
	// ObjectType and ObjectID tell what it was about: a ticket, an order, a user.
	ObjectType string
	ObjectID   string
	// Error is nil unless the activity failed.
	Error *Failure
	// HTTPStatusCode is 0 where there is none.
	HTTPStatusCode int
	// Attributes are the vendor's own, under the vendor's prefix.
	Attributes []attribute.KeyValue
	// Payload is the raw payload; set only where include_payload asks for it.
	Payload string
}

// Failure is what a source tells about an activity that failed.
type Failure struct {
	// Type is the class of the failure.
	Type ErrorType
	// Code is the vendor's own code.
	Code string
	// Message is the vendor's message; it is cut at [MaxErrorMessage] bytes.
	Message string
}
