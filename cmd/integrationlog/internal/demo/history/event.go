// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Event is one thing that happened at a vendor.
type Event struct {
	At time.Time
	// What is how the vendor tells of it.
	What What
	// Logged are the times of the lines that the log has of it: mostly one, that of At.
	Logged []time.Time
}

// once is an event that becomes one line.
func once(at time.Time, what What) Event {
	return Event{At: at, What: what, Logged: []time.Time{at}}
}

// What is how a vendor tells of an event: one of the types of this package.
type What interface {
	// Product is the product whose line it becomes.
	Product() activity.Product
}
