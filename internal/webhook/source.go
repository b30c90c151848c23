// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Source is what is particular to one vendor. Its methods are called from many
// goroutines at a time, and keep neither the header nor the body.
type Source interface {
	// Verify tells whether a request carries a valid credential. It is called with
	// the raw body before anything is parsed, and compares in constant time.
	Verify(header http.Header, body []byte) bool

	// Parse turns a verified request into activities. An error means that nothing of
	// the request can ever be understood; its text goes to the log, so it must quote
	// nothing of the body. What cannot be understood of a request whose other parts
	// can is counted in the delivery.
	Parse(header http.Header, body []byte, received time.Time) (Delivery, error)

	// Reply gives the status code for an outcome. Vendors differ in what they
	// retry, and in what they punish.
	Reply(outcome Outcome) int
}

// Delivery is what one request brought.
type Delivery struct {
	// Activities in the order of the request.
	Activities []activity.Activity
	// Ignored is the number of activities that the configuration leaves out.
	Ignored int
	// Unknown is the number of activities, among Activities, of a kind that the
	// receiver does not know.
	Unknown int
	// Unreadable is the number of activities that can never be understood, by reason:
	// a word of a small fixed set, such as no_message.
	Unreadable map[string]int
}
