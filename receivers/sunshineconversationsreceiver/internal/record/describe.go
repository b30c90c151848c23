// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/record"

import (
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/failure"
)

func ofDeliveryFailure(e *event.Event, f activity.Failure) string {
	return message(e) + " could not be delivered" + phrase(" over ", e.Get(event.Channel)) + ": " + failure.Why(e, f)
}

func ofDeliveryToChannel(e *event.Event, _ activity.Failure) string {
	channel := e.Get(event.Channel)
	if channel == "" {
		channel = "its channel"
	}
	return message(e) + " was delivered to " + channel
}

func ofDeliveryToUser(e *event.Event, _ activity.Failure) string {
	return message(e) + " was delivered to the user" + phrase(" over ", e.Get(event.Channel))
}

// message names what was to be delivered.
func message(e *event.Event) string {
	if id := e.Get(event.MessageID); id != "" {
		return "Message " + id
	}
	if id := e.Get(event.NotificationID); id != "" {
		return "Notification " + id
	}
	return "A message"
}

func ofSwitchboard(done string) func(*event.Event, activity.Failure) string {
	return func(e *event.Event, f activity.Failure) string {
		sentence := "Control of a conversation"
		if id := e.Get(event.ConversationID); id != "" {
			sentence = "Control of conversation " + id
		}
		if holder := e.Get(event.SwitchboardName); holder != "" {
			sentence += ", held by " + holder + ","
		}
		return sentence + " could not be " + done + ": " + failure.Why(e, f)
	}
}

func ofLinkFailure(e *event.Event, f activity.Failure) string {
	return capital(client(e)) + " could not be linked" + phrase(" to ", e.Get(event.Channel)) + ": " + failure.Why(e, f)
}

func ofLinkCancelled(e *event.Event, f activity.Failure) string {
	sentence := "The user cancelled linking " + client(e) + phrase(" to ", e.Get(event.Channel))
	if e.Failed {
		sentence += ": " + failure.Why(e, f)
	}
	return sentence
}

func ofBlocked(e *event.Event, _ activity.Failure) string {
	return "The user unsubscribed from the conversation, which blocked " + client(e) + phrase(" of ", e.Get(event.Channel))
}

// client names what was to be linked: a client, or, where the event names none, a user.
func client(e *event.Event) string {
	if id := e.Get(event.ClientID); id != "" {
		return "client " + id
	}
	if id := e.Get(event.UserID); id != "" {
		return "user " + id
	}
	return "a client"
}

// ofUnknown says what can be said of any failure.
func ofUnknown(e *event.Event, f activity.Failure) string {
	return "Event " + e.Get(event.Type) + phrase(" of ", subject(e)) + phrase(" over ", e.Get(event.Channel)) + ": " + failure.Why(e, f)
}

// subject names the smallest thing that an event is about.
func subject(e *event.Event) string {
	for _, field := range [...]event.Field{event.MessageID, event.NotificationID, event.ConversationID, event.ClientID, event.UserID} {
		if id := e.Get(field); id != "" {
			return objectTypes[field] + " " + id
		}
	}
	return ""
}

// phrase is nothing where there is nothing to say.
func phrase(words, value string) string {
	if value == "" {
		return ""
	}
	return words + value
}

func capital(sentence string) string {
	return string(sentence[0]-'a'+'A') + sentence[1:]
}
