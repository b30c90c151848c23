// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package event reads from the webhooks of Sunshine Conversations what may be logged.
// It is an allow-list: what is not named here is skipped unread, so that no profile,
// identity or text of a message can slip through. Every field is optional.
package event // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// Field is a place in an event that may be logged.
type Field = allowlist.Field

// The fields. Their comments name the places that they stand for.
const (
	_ Field = iota
	// Type is type, in the older versions trigger.
	Type
	// ID is the event's id; only version 2 has one.
	ID
	// CreatedAt is createdAt (RFC 3339), Timestamp is timestamp (seconds) of the older
	// versions.
	CreatedAt
	Timestamp
	// Channel is the type of the destination or of the client, or channel.
	Channel
	// IntegrationID tells through which of the app's integrations it went.
	IntegrationID
	// SwitchboardName is the name of the integration that controls the conversation.
	SwitchboardName
	ConversationID
	MessageID
	// NotificationID is of the older versions' notifications.
	NotificationID
	// ExternalMessageID is the first id that the channel gave to the message.
	ExternalMessageID
	ClientID
	// UserID is Sunshine Conversations' own id of the user.
	UserID
	// Final is isFinalEvent: true or false.
	Final
	Reason
	ErrorCode
	ErrorMessage
	// ChannelCode is the number that the channel gave the error.
	ChannelCode
	ChannelTitle
	ChannelMessage
	ChannelDetails

	fieldCount

	// What is read further, and not kept: error, events, messages, and the members
	// of a request that are not an event's.
	errorObject
	events
	messages
	appID
	webhookID
	version
)

// Event holds the values of the fields of one event, as text; numbers as they were
// written. A field that is missing, null, of another type, or of a form that it cannot
// have, is empty.
type Event struct {
	values [fieldCount]string
	// Failed tells that there is an error, even where nothing of it is known.
	Failed bool
	// Raw is the event as it was sent. It is part of the body.
	Raw []byte
}

var _ allowlist.Keeper = (*Event)(nil)

// Get returns a field's value.
func (e *Event) Get(field Field) string {
	return e.values[field]
}

// Keep keeps a value that may be what its field stands for, and is the first of it.
func (e *Event) Keep(field Field, value jsontext.Value) {
	if field == errorObject {
		e.keepError(value)
		return
	}
	if field < fieldCount && e.values[field] == "" {
		e.values[field] = text(field, value)
	}
}

// keepError reads an error, which is loosely typed: mostly an object, perhaps a text.
func (e *Event) keepError(value jsontext.Value) {
	if isEmpty(value) {
		return
	}
	e.Failed = true
	switch value.Kind() {
	case '{':
		// The value has been read before, so there is no error.
		_ = allowlist.Object(value, errorMembers, e)
	case '"':
		e.Keep(ErrorMessage, value)
	}
}

// isEmpty tells an error that is none: one with nothing in it.
func isEmpty(value jsontext.Value) bool {
	switch value.Kind() {
	case '{', '[':
		return len(bytes.TrimSpace(value[1:len(value)-1])) == 0
	case '"':
		return strings.TrimSpace(allowlist.Text(value)) == ""
	default:
		return value.Kind() == 'f'
	}
}
