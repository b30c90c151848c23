// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"maps"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
)

// Failure is an event of Sunshine Conversations, which tells of what went wrong only.
type Failure struct{ Event senders.ConversationEvent }

// Product implements What.
func (Failure) Product() activity.Product { return activity.SunshineConversations }

// MessagingApp is the id of the company's app of Sunshine Conversations.
const MessagingApp = "65f1c0de9a3b7c0012d4e501"

// The integrations of the app with channels.
const (
	whatsApp  = "66dd5e71a1b2c3d400000468"
	messenger = "66dd5e71a1b2c3d4000004c9"
	instagram = "66dd5e71a1b2c3d4000004d2"
	sms       = "66dd5e71a1b2c3d4000004e7"
)

// trouble is something that goes wrong in messaging.
type trouble struct {
	kind                 string
	channel, integration string
	// code and message are Sunshine Conversations' own, channelCode and title the channel's.
	code, message string
	channelCode   any
	title         string
	// more of the payload
	more map[string]any
}

const undelivered = "conversation:message:delivery:failure"

// revoked is what is left of WhatsApp when its token is.
var revoked = trouble{
	kind: undelivered, channel: "whatsapp", integration: whatsApp, code: "unauthorized", channelCode: 190,
	title: "The access token was revoked by the owner of the business account",
}

// troubles are those that happen all the time.
var troubles = []trouble{
	{kind: undelivered, channel: "whatsapp", integration: whatsApp, code: "uncategorized_error", channelCode: 131047, title: "Re-engagement message"},
	{kind: undelivered, channel: "whatsapp", integration: whatsApp, code: "uncategorized_error", channelCode: 131047, title: "Re-engagement message"},
	{kind: undelivered, channel: "whatsapp", integration: whatsApp, code: "uncategorized_error", channelCode: 131026, title: "Message undeliverable"},
	{kind: undelivered, channel: "messenger", integration: messenger, code: "bad_request", message: "(#551) This person isn't available right now", channelCode: 551},
	{kind: undelivered, channel: "instagram", integration: instagram, code: "bad_request", message: "The message was sent outside of the allowed window", channelCode: 10},
	{kind: undelivered, channel: "twilio", integration: sms, code: "uncategorized_error", message: "Unreachable destination handset +441632960001", channelCode: 30003},
	{
		kind: "switchboard:passControl:failure", code: "switchboard_invalid_target", message: "The target is no integration of this switchboard",
	},
	{
		kind: "client:remove", channel: "twilio", integration: sms, code: "bad_request", message: "The number is not reachable",
		more: map[string]any{"reason": "linkFailed"},
	},
}

// addChannels adds what goes wrong in messaging on a usual day.
func (c *Company) addChannels() {
	c.add(source{name: "channels", perDay: 15, curve: &shoppers, happen: func(d dice, at time.Time) []Event {
		return []Event{pick(d, troubles...).event(d, at)}
	}})
}

// event tells of it as a webhook does.
func (t trouble) event(d dice, at time.Time) Event {
	payload := map[string]any{
		"user":  map[string]any{"id": d.hex(12), "externalId": pick(d, persons...).email, "authenticated": true},
		"error": t.failure(),
	}
	switch t.kind {
	case "client:remove":
		payload["client"] = map[string]any{"id": d.hex(12), "type": t.channel, "integrationId": t.integration, "externalId": "+441632960001"}
	default:
		payload["conversation"] = map[string]any{
			"id": d.hex(12), "type": "personal", "activeSwitchboardIntegration": map[string]any{"name": pick(d, "zd-agentWorkspace", "zd-answerBot")},
		}
	}
	if t.kind == undelivered {
		payload["message"] = map[string]any{"id": d.hex(12)}
		payload["destination"] = map[string]any{"type": t.channel, "integrationId": t.integration}
		payload["isFinalEvent"] = true
	}
	maps.Copy(payload, t.more)
	return once(at, Failure{senders.ConversationEvent{ID: d.hex(12), Type: t.kind, At: at, Payload: payload, Failed: true}})
}

func (t trouble) failure() map[string]any {
	failure := map[string]any{"code": t.code}
	if t.message != "" {
		failure["message"] = t.message
	}
	if t.channelCode != nil {
		of := map[string]any{"code": t.channelCode}
		if t.title != "" {
			of["title"] = t.title
		}
		failure["underlyingError"] = map[string]any{"errors": []any{of}}
	}
	return failure
}
