// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package record makes an activity of one of Sunshine Conversations' events.
package record // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/record"

import (
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/failure"
)

// New returns the activity of an event of the kind that [Lookup] found.
func New(r *event.Request, e *event.Event, kind Kind, received time.Time) activity.Activity {
	f := failure.Of(e)
	a := activity.Activity{
		ID:              id(r, e),
		Product:         activity.SunshineConversations,
		Type:            kind.Type,
		Evidence:        activity.Observed,
		Account:         r.AppID,
		IntegrationName: integration(e),
		Time:            e.Time(),
		Observed:        received,
		Status:          kind.status,
		Description:     kind.describe(e, f),
		Attributes:      attributes(r, e),
	}
	a.ObjectType, a.ObjectID = object(e, kind)
	if e.Failed || kind.status == activity.Error {
		a.Error = &f
	}
	return a
}

// id is what tells an event from every other, and is the same when it is sent again.
// Events of the older versions have no id. What they have instead tells them apart only
// if there is a message or a notification, or a user and a time; otherwise there is none,
// and an event that is sent again becomes another activity.
func id(r *event.Request, e *event.Event) string {
	if own := e.Get(event.ID); own != "" {
		return activity.JoinID(r.AppID, own)
	}
	object := messages(e)
	if object == "" && e.Get(event.Timestamp) != "" {
		object = e.Get(event.UserID)
	}
	if object == "" {
		return ""
	}
	return activity.JoinID(r.AppID, e.Get(event.Type), object, e.Get(event.Channel), e.Get(event.Timestamp))
}

// messages are the ids of message and notification, where an event has the one and the
// other with what stands in no id between them.
func messages(e *event.Event) string {
	message, notification := e.Get(event.MessageID), e.Get(event.NotificationID)
	if message == "" || notification == "" {
		return message + notification
	}
	return message + "+" + notification
}

// integration is the one that controls the conversation, whose name people know; or else
// the one through which the message went.
func integration(e *event.Event) string {
	if name := e.Get(event.SwitchboardName); name != "" {
		return name
	}
	return e.Get(event.IntegrationID)
}

// object is what the event is about. Of a link that failed version 1 tells the user only.
func object(e *event.Event, kind Kind) (objectType, objectID string) {
	for _, field := range objects[kind.Type] {
		if id := e.Get(field); id != "" {
			return objectTypes[field], id
		}
	}
	return "", ""
}

// objects are, by activity.type, what an event may be about; the first that it names
// counts.
var objects = map[string][]event.Field{
	DeliveryFailure:    {event.MessageID, event.NotificationID},
	Delivery:           {event.MessageID, event.NotificationID},
	SwitchboardFailure: {event.ConversationID},
	LinkFailure:        {event.ClientID, event.UserID},
	Other:              {event.MessageID, event.ConversationID, event.ClientID},
}

var objectTypes = map[event.Field]string{
	event.MessageID:      "message",
	event.NotificationID: "notification",
	event.ConversationID: "conversation",
	event.ClientID:       "client",
	event.UserID:         "user",
}

// vendors are the attributes that are a field of the event.
var vendors = [...]struct {
	key   string
	field event.Field
}{
	{"sunco.event.type", event.Type},
	{"sunco.channel", event.Channel},
	{"sunco.integration.id", event.IntegrationID},
	{"sunco.conversation.id", event.ConversationID},
	{"sunco.message.id", event.MessageID},
	{"sunco.external_message.id", event.ExternalMessageID},
	{"sunco.user.id", event.UserID},
	{"sunco.reason", event.Reason},
	{"sunco.channel.error.code", event.ChannelCode},
}

// attributes are the vendor's own.
func attributes(r *event.Request, e *event.Event) []attribute.KeyValue {
	kvs := make([]attribute.KeyValue, 0, len(vendors)+3)
	for _, v := range vendors {
		if value := e.Get(v.field); value != "" {
			kvs = append(kvs, attribute.String(v.key, value))
		}
	}
	if final := e.Get(event.Final); final != "" {
		kvs = append(kvs, attribute.Bool("sunco.is_final_event", final == "true"))
	}
	if r.WebhookID != "" {
		kvs = append(kvs, attribute.String("sunco.webhook.id", r.WebhookID))
	}
	return append(kvs, attribute.String("sunco.webhook.version", r.Version))
}
