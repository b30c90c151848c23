// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package activities says what the log page reads: activities, and what can be asked about
// them. It knows neither Loki nor HTML.
package activities // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Activity is one line of the log.
type Activity struct {
	// Time is when it happened at the source, to the nanosecond.
	Time time.Time
	// Position is where it stands in the log: see [Position].
	Position Position
	// Product and Status are the two labels that every activity has; Status is one of
	// info, warning, error, debug.
	Product, Status string
	// Description is one human sentence. It is foreign text.
	Description string
	// Type is the kind of work, such as ticket_sync; Evidence is how it is known:
	// reported, observed, source_change.
	Type, Evidence string
	// Integration is which integration of the product it was, Account is whose.
	Integration, Account string
	// ID is the source's id of the activity; records of other origin may have none.
	ID string
	// ObjectType and ObjectID say what it was about, such as a ticket.
	ObjectType, ObjectID string
	// ErrorType is one of a small fixed set, ErrorCode and ErrorMessage are the vendor's.
	ErrorType, ErrorCode, ErrorMessage string
	// HTTPStatusCode is 0 where the source gives none.
	HTTPStatusCode int
	// Attributes are all labels and structured metadata by the names Loki gives them, those
	// above included.
	Attributes map[string]string
}

// Position is the place of an activity in the total order of the log: time, then what
// tells activities of one nanosecond apart. It is opaque, safe in a URL, and stays valid
// when others are added around it. The zero value is no position.
type Position string

// ErrPosition means that a position is none of a log: mistyped, or cut.
var ErrPosition = errors.New("the position is not one that this log has given out")

// Filter chooses activities. Of each list an activity must have one of the values; an
// empty list, and an empty string, choose all.
type Filter struct {
	// Start is the first moment that belongs to the filter, End the first that does not.
	// Without a start the filter begins where the log does, without an end it has none.
	Start, End                                        time.Time
	Products, Statuses, Types, Integrations, Accounts []string
	// Search is free text, found in the description or in the error's message whatever its
	// case. It is never an expression.
	Search string
	// ObjectType and ObjectID choose the activities of one object.
	ObjectType, ObjectID string
	// ErrorType, ErrorCode and HTTPStatusCode choose the activities of one error; a status
	// code of 0 chooses all.
	ErrorType, ErrorCode string
	HTTPStatusCode       int
	// Without chooses the activities that have none of these.
	Without []Field
}

// Field is something that an activity may lack, by the name of its parameter.
type Field string

// The fields that activities can be chosen for not having.
const (
	FieldType           Field = "type"
	FieldIntegration    Field = "integration"
	FieldErrorType      Field = "error_type"
	FieldErrorCode      Field = "error_code"
	FieldHTTPStatusCode Field = "http_status_code"
)

// Fields returns all of them.
func Fields() []Field {
	return []Field{FieldType, FieldIntegration, FieldErrorType, FieldErrorCode, FieldHTTPStatusCode}
}

// Slice is which activities of a filter a page shows. At most one of Older and Newer is set;
// with none it is the newest ones.
type Slice struct {
	// Older asks for those right before this position, Newer for those right after.
	Older, Newer Position
	Limit        int
}

// Page is a slice of the log, newest first.
type Page struct {
	Activities []Activity
	// HasOlder and HasNewer tell whether the filter has more on either side.
	HasOlder, HasNewer bool
}

// Reader reads the log. Its errors are *[UnavailableError] where the store cannot be read now,
// [ErrPosition] where a position is none, and context.Canceled where nobody waits any more.
type Reader interface {
	// Page returns a slice of the activities. Pages that follow each other have neither a
	// double nor a gap, whatever is added meanwhile and however many share a nanosecond.
	Page(ctx context.Context, filter Filter, slice Slice) (Page, error)
	// All returns every activity of the filter, newest first, in bounded memory.
	All(ctx context.Context, filter Filter) iter.Seq2[Activity, error]
	// Activity returns the one at a position; ok is false where there is none (any more).
	Activity(ctx context.Context, position Position) (activity Activity, ok bool, err error)
	// Products returns every product with activities in the time of the filter, whatever
	// else it chooses, sorted by product.
	Products(ctx context.Context, filter Filter) ([]ProductCount, error)
	// Values returns what occurs in the time of the filter.
	Values(ctx context.Context, filter Filter) (Values, error)
	// Volume counts the filter's activities in steps that begin at its start.
	Volume(ctx context.Context, filter Filter, step time.Duration) ([]Bar, error)
	// Groups returns the filter's errors and warnings by what they have in common, most
	// frequent first, at most limit; more tells whether there are others.
	Groups(ctx context.Context, filter Filter, limit int) (groups []Group, more bool, err error)
	// Sources returns each product that the log has.
	Sources(ctx context.Context) ([]Source, error)
	// Follow sends the activities that the filter (without its end) chooses as they become
	// visible, each once and oldest first in each batch, until ctx ends. It begins with an
	// empty batch: all that becomes visible after it is sent. After an error an empty batch
	// says that the log can be read again, and nothing was lost. Late ones, whose time lies
	// back, are among them as far as [FollowedBack], or less where the log has more in that
	// time than can be remembered.
	Follow(ctx context.Context, filter Filter) iter.Seq2[[]Activity, error]
}

// FollowedBack is how far the time of an activity may lie back for Follow to send it. What
// is fetched every few minutes is within it, also after some failures.
const FollowedBack = time.Hour
