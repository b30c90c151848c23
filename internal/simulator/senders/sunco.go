// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package senders

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
)

// SunshineConversations sends the webhooks, version 2, of an app.
type SunshineConversations struct {
	target
	secret string
	appID  string
}

// NewSunshineConversations returns a sender. The secret is the webhook's.
func NewSunshineConversations(client *http.Client, url, secret, appID string) SunshineConversations {
	return SunshineConversations{target{url, client}, secret, appID}
}

// ConversationEvent is one event of a batch.
type ConversationEvent struct {
	ID      string
	Type    string
	At      time.Time
	Payload map[string]any
	// Failed tells whether it is about something that went wrong.
	Failed bool
}

// Send posts events in one batch.
func (s SunshineConversations) Send(ctx context.Context, events ...ConversationEvent) (Answer, error) {
	list := make([]map[string]any, len(events))
	for i, event := range events {
		list[i] = map[string]any{
			"id": event.ID, "type": event.Type, "createdAt": event.At.UTC().Format("2006-01-02T15:04:05.000Z"), "payload": event.Payload,
		}
	}
	body, err := json.Marshal(map[string]any{
		"app": map[string]string{"id": s.appID}, "webhook": map[string]string{"id": "5e8e3b6b1a2f0c0010c5d1a7", "version": "v2"}, "events": list,
	})
	if err != nil {
		return Answer{}, err
	}
	return s.post(ctx, http.Header{"Content-Type": {"application/json"}, "X-Api-Key": {s.secret}}, body)
}

// conversationSample is an event without what all of them have.
type conversationSample struct {
	kind    string
	failed  bool
	payload map[string]any
}

var conversationSamples = []conversationSample{
	{"conversation:message:delivery:failure", true, map[string]any{
		"destination": map[string]any{"type": "whatsapp", "integrationId": "5e8e3b6b1a2f0c0010c5d1aa"}, "isFinalEvent": true,
		"error": map[string]any{"code": "uncategorized_error", "message": "Message to +441632960001 undeliverable", "underlyingError": map[string]any{
			"errors": []any{map[string]any{"code": 131026, "title": "Message undeliverable"}},
		}},
	}},
	{"conversation:message:delivery:channel", false, map[string]any{
		"destination": map[string]any{"type": "whatsapp"}, "isFinalEvent": false, "externalMessages": []any{map[string]any{"id": "wamid.1"}},
	}},
	{"switchboard:passControl:failure", true, map[string]any{
		"error": map[string]any{"code": "switchboard_invalid_target", "message": "The target is no integration of this switchboard"}, "metadata": map[string]any{},
	}},
	{"conversation:message:delivery:user", false, map[string]any{"destination": map[string]any{"type": "messenger"}, "isFinalEvent": true}},
	{"client:remove", true, map[string]any{
		"reason": "linkFailed", "client": map[string]any{"type": "twilio", "externalId": "+441632960001"},
		"error": map[string]any{"code": "bad_request", "message": "The number is not reachable"},
	}},
	{"conversation:message:delivery:failure", true, map[string]any{
		"destination": map[string]any{"type": "twilio"}, "isFinalEvent": true,
		"error": map[string]any{"code": "uncategorized_error", "message": "Unsupported message type `form`"},
	}},
}

// ConversationSample returns the n-th event. Of six that follow each other four are
// failures.
func ConversationSample(n int, at time.Time) ConversationEvent {
	sample := pick(conversationSamples, n)
	payload := map[string]any{"user": map[string]any{"id": fmt.Sprintf("ada%021x", n/10), "externalId": "ada@example.com", "authenticated": true}}
	if !strings.HasPrefix(sample.kind, "client:") {
		payload["conversation"] = map[string]any{"id": fmt.Sprintf("c0ffee%018x", n/10), "type": "personal"}
	}
	if strings.HasPrefix(sample.kind, "conversation:message:") {
		payload["message"] = map[string]any{"id": fmt.Sprintf("5e8e%020x", n)}
	}
	maps.Copy(payload, sample.payload)
	return ConversationEvent{ID: fmt.Sprintf("5f0e%020x", n), Type: sample.kind, At: at, Failed: sample.failed, Payload: payload}
}
