// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package event // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// Why an element of a request can never be understood.
const (
	// NotObject: it is no JSON object.
	NotObject = "not_an_object"
	// NoType: nothing says what happened.
	NoType = "no_type"
	// NoID: nothing tells it from another event, or from its own redelivery.
	NoID = "no_id"
)

// The versions. The first and the last are told apart by their bodies, too.
const (
	version2  = "v2"
	version11 = "v1.1"
	version1  = "v1"
)

var (
	errNoEvents   = errors.New("body has neither a list of events nor a trigger")
	errUnreadable = errors.New("body has events, and none of them can be understood")
)

// Request is what one request brought.
type Request struct {
	AppID     string
	WebhookID string
	// Version is the webhook's: v2, v1.1 or v1.
	Version string
	// Events in the order of the request.
	Events []Event
	// Unreadable is the number of elements that cannot be understood, by reason.
	Unreadable map[string]int

	list    jsontext.Value
	trigger bool
}

var _ allowlist.Keeper = (*Request)(nil)

// Parse reads a body. Its error quotes nothing of the body; an element that cannot be
// understood is counted, and costs no other.
func (r *Request) Parse(body []byte) error {
	if err := allowlist.Object(body, request, r); err != nil {
		return err
	}
	switch {
	case r.list != nil:
		r.setVersion(version2)
		if err := r.parseList(); err != nil {
			return err
		}
	case r.trigger:
		r.setVersion(version1)
		r.parseOlder(body)
	default:
		return errNoEvents
	}
	if len(r.Events) == 0 && len(r.Unreadable) > 0 {
		return errUnreadable
	}
	return nil
}

// Keep keeps what all events of the request share.
func (r *Request) Keep(field Field, value jsontext.Value) {
	switch field {
	case events:
		if value.Kind() == '[' && r.list == nil {
			r.list = value
		}
	case Type:
		r.trigger = r.trigger || text(Type, value) != ""
	case appID:
		keepFirst(&r.AppID, appID, value)
	case webhookID:
		keepFirst(&r.WebhookID, webhookID, value)
	case version:
		keepFirst(&r.Version, version, value)
	}
}

func keepFirst(kept *string, field Field, value jsontext.Value) {
	if *kept == "" {
		*kept = text(field, value)
	}
}

func (r *Request) setVersion(fallback string) {
	if r.Version == "" {
		r.Version = fallback
	}
}

// parseList reads version 2: a list of events, perhaps of several users.
func (r *Request) parseList() error {
	return allowlist.Elements(r.list, func(element jsontext.Value) {
		e := Event{Raw: element}
		switch {
		case element.Kind() != '{' || allowlist.Object(element, eventMembers, &e) != nil:
			r.unreadable(NotObject)
		case e.Get(Type) == "":
			r.unreadable(NoType)
		case e.Get(ID) == "":
			r.unreadable(NoID)
		default:
			r.Events = append(r.Events, e)
		}
	})
}

// parseOlder reads versions 1 and 1.1: one event, but perhaps of several messages.
func (r *Request) parseOlder(body []byte) {
	older := older{Event: Event{Raw: body}}
	// The body has been read before, so there is no error.
	_ = allowlist.Object(body, olderMembers, &older)
	if older.messages != nil {
		_ = allowlist.Elements(older.messages, func(message jsontext.Value) {
			e := older.Event
			if message.Kind() != '{' || allowlist.Object(message, messageMembers, &e) != nil {
				r.unreadable(NotObject)
				return
			}
			r.Events = append(r.Events, e)
		})
	}
	if len(r.Events) == 0 {
		r.Events = append(r.Events, older.Event)
	}
}

func (r *Request) unreadable(reason string) {
	if r.Unreadable == nil {
		r.Unreadable = map[string]int{}
	}
	r.Unreadable[reason]++
}

// older is an event of version 1 or 1.1, and the list of its messages.
type older struct {
	Event

	messages jsontext.Value
}

// Keep keeps a value of the event.
func (o *older) Keep(field Field, value jsontext.Value) {
	switch {
	case field != messages:
		o.Event.Keep(field, value)
	case value.Kind() == '[' && o.messages == nil:
		o.messages = value
	}
}
