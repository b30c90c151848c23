// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package zendesk reads Zendesk's webhooks and the log of their invocations.
// Source: https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/
package zendesk // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"

import (
	"cmp"
	"time"
)

// Retention is how long Zendesk keeps invocations.
// Source: https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/#list-webhook-invocations
const Retention = 7 * 24 * time.Hour

// Webhook is what is kept of a webhook.
type Webhook struct {
	ID string
	// Name is what the admin called it; empty where it is no name that may be kept, such
	// as one with a phone number or a token in it: attributes are not masked.
	Name string
	// Method and Host tell what is called. The rest of the address often holds a secret.
	Method string
	Host   string
}

// Label is the name, or the id where there is none.
func (w Webhook) Label() string { return cmp.Or(w.Name, w.ID) }

// Invocation is one completed state of an invocation. The same invocation comes again
// with another state.
type Invocation struct {
	ID     string
	Status string
	// CompletedAt is as Zendesk wrote it, and Time is what that means.
	CompletedAt string
	Time        time.Time
	// StatusCode is 0 where no answer came back.
	StatusCode int
}

// Attempt is one call of a webhook's endpoint.
type Attempt struct {
	Status     string
	StatusCode int
	Time       time.Time
}

// Unreadable tells items that could not be understood from each other, by a hash: what
// they hold may be personal data.
type Unreadable []uint64

// Page is a part of a list.
type Page[T any] struct {
	Items []T
	// Unreadable are the items that could not be understood.
	Unreadable Unreadable
	// Next is the cursor of the next page; empty on the last one.
	Next string
}
