// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activities // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"

import "time"

// ProductCount is a product, and how many activities and errors it has.
type ProductCount struct {
	Product            string
	Activities, Errors int
}

// Values are what can be chosen besides product and status, each sorted.
type Values struct {
	Types, Integrations, Accounts []string
}

// Bar is how many activities of each status happened in [Start, Start + step).
type Bar struct {
	Start    time.Time
	ByStatus map[string]int
}

// Group is the same failure (or warning), met several times.
type Group struct {
	Product, Status, Type, Integration string
	ErrorType, ErrorCode               string
	HTTPStatusCode                     int
	Count                              int
	// Latest is the newest of them.
	Latest Activity
}

// Source is what the log holds of a product in the last seven days.
type Source struct {
	Product string
	// First is the oldest activity that is kept; Last the newest; LastSuccess the newest
	// that is info. The zero time where there is none.
	First, Last, LastSuccess time.Time
	// Activities and Errors are of the last 24 hours.
	Activities, Errors int
}
