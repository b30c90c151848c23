// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

// The parameters that choose activities. Those of a list can be given several times; an
// activity then has to have one of the values.
const (
	Product     = "product"
	Status      = "status"
	Type        = "type"
	Integration = "integration"
	Account     = "account"
	// Search is text that is in the description or in the error's message.
	Search = "q"
	// ObjectType and ObjectID choose what an activity was about.
	ObjectType = "object_type"
	ObjectID   = "object_id"
	// ErrorType, ErrorCode and HTTPStatusCode choose how an activity failed.
	ErrorType      = "error_type"
	ErrorCode      = "error_code"
	HTTPStatusCode = "http_status_code"
	// Without chooses activities that lack something: its value is one of
	// activities.Fields, and can be given several times. A parameter of its own takes no
	// value from the vendors, one of whose codes may well be "none".
	Without = "without"
	// Start is the first moment of the range and End the first one after it: RFC 3339, or
	// without an offset, such as 2026-11-27T08:30, in the time zone of [Zone].
	Start = "start"
	End   = "end"
	// Last is a range that ends now: one of [Ranges]. It is for where Start and End are not.
	Last = "last"
)

// The parameters that choose what is shown of the activities, and how.
const (
	// Older and Newer ask for those before and after a position, Limit for how many.
	Older = "older"
	Newer = "newer"
	Limit = "limit"
	// Activity is the position of the activity whose details are open.
	Activity = "activity"
	// Zone is the IANA name of the time zone, such as Europe/Berlin. Without it the page
	// takes the browser's, the API UTC.
	Zone = "tz"
	// Language is the BCP 47 tag of the language.
	Language = "lang"
	// Products is "all" where the list of products shows more than those with errors.
	Products = "products"
	// Wait is 1 where the page waits for all of its parts, however long they take.
	Wait = "wait"
)

// The parameters of the form, in which date and time are apart. They are times of day in the
// time zone; the minute of the end belongs to the range. The page makes Start and End of
// them and redirects.
const (
	StartDate = "start_date"
	StartTime = "start_time"
	EndDate   = "end_date"
	EndTime   = "end_time"
)

// Bounds of what is accepted.
const (
	// MaxSearch is how long the text that is searched for may be, in characters.
	MaxSearch = 200
	// MaxLimit is how many activities a page may have.
	MaxLimit = 1000
	// DefaultLimit is how many it has.
	DefaultLimit = 50
)
