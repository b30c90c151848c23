// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
)

// parse returns a request and its first event.
func parse(t *testing.T, body string) (*event.Request, *event.Event) {
	t.Helper()
	r := new(event.Request)
	require.NoError(t, r.Parse([]byte(body)))
	return r, &r.Events[0]
}

func ofPayload(t *testing.T, name, payload string) activity.Activity {
	t.Helper()
	r, e := parse(t, `{"app":{"id":"a1"},"events":[{"id":"e1","type":"`+name+`","payload":`+payload+`}]}`)
	kind, _, wanted := Lookup(e)
	require.True(t, wanted)
	return New(r, e, kind, time.Time{})
}

// TestSentences: each says what failed and why, however little the event says.
func TestSentences(t *testing.T) {
	tests := map[string]struct{ name, payload, want string }{
		"delivery": {
			"conversation:message:delivery:failure", `{"message":{"id":"m1"},"destination":{"type":"line"},"error":{"code":"c","message":"Why"}}`,
			"Message m1 could not be delivered over line: Why (c)",
		},
		"delivery, nothing known": {"conversation:message:delivery:failure", `{}`, "A message could not be delivered: no reason was given"},
		"to the channel":          {"conversation:message:delivery:channel", `{"message":{"id":"m1"},"destination":{"type":"line"}}`, "Message m1 was delivered to line"},
		"to its channel":          {"conversation:message:delivery:channel", `{}`, "A message was delivered to its channel"},
		"to the user":             {"conversation:message:delivery:user", `{"message":{"id":"m1"}}`, "Message m1 was delivered to the user"},
		"accept":                  {"switchboard:acceptControl:failure", `{"conversation":{"id":"c1"}}`, "Control of conversation c1 could not be accepted: no reason was given"},
		"offer": {
			"switchboard:offerControl:failure", `{"conversation":{"id":"c1","activeSwitchboardIntegration":{"name":"bot"}},"error":{"code":"c"}}`,
			"Control of conversation c1, held by bot, could not be offered: c",
		},
		"offer, a name of several words": {
			"switchboard:offerControl:failure", `{"conversation":{"id":"c1","activeSwitchboardIntegration":{"name":"Zendesk Agent Workspace"}},"error":{"code":"c"}}`,
			"Control of conversation c1, held by Zendesk Agent Workspace, could not be offered: c",
		},
		"pass":      {"switchboard:passControl:failure", `{}`, "Control of a conversation could not be passed on: no reason was given"},
		"link":      {"client:remove", `{"reason":"linkFailed","client":{"id":"k1","type":"line"},"error":{"message":"Why"}}`, "Client k1 could not be linked to line: Why"},
		"link, ?":   {"client:remove", `{"reason":"linkFailed"}`, "A client could not be linked: no reason was given"},
		"cancelled": {"client:remove", `{"reason":"linkCancelled","client":{"id":"k1","type":"line"}}`, "The user cancelled linking client k1 to line"},
		"cancelled, why": {
			"client:remove", `{"reason":"linkCancelled","client":{"id":"k1"},"error":{"message":"Why"}}`,
			"The user cancelled linking client k1: Why",
		},
		"blocked":        {"client:update", `{"reason":"blocked","client":{"id":"k1","type":"line"}}`, "The user unsubscribed from the conversation, which blocked client k1 of line"},
		"unknown":        {"a:b:failure", `{"conversation":{"id":"c1"},"destination":{"type":"line"}}`, "Event a:b:failure of conversation c1 over line: no reason was given"},
		"unknown, alone": {"a:b", `{"error":{"message":"Why"}}`, "Event a:b: Why"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, ofPayload(t, test.name, test.payload).Description)
		})
	}
}

// TestKinds: type, status, object and error of each event that belongs into the log.
func TestKinds(t *testing.T) {
	const payload = `{"message":{"id":"m1"},"conversation":{"id":"c1"},"client":{"id":"k1"},"reason":"`
	tests := []struct {
		name, reason string
		kind         string
		status       activity.Status
		object       string
		failed       bool
	}{
		{"conversation:message:delivery:failure", "", "delivery_failure", activity.Error, "message", true},
		{"conversation:message:delivery:channel", "", "delivery", activity.Debug, "message", false},
		{"conversation:message:delivery:user", "", "delivery", activity.Debug, "message", false},
		{"switchboard:acceptControl:failure", "", "switchboard_failure", activity.Error, "conversation", true},
		{"switchboard:offerControl:failure", "", "switchboard_failure", activity.Error, "conversation", true},
		{"switchboard:passControl:failure", "", "switchboard_failure", activity.Error, "conversation", true},
		{"client:remove", "linkFailed", "link_failure", activity.Error, "client", true},
		{"client:remove", "linkCancelled", "link_failure", activity.Warning, "client", false},
		{"client:update", "blocked", "link_failure", activity.Warning, "client", false},
		// not known, by the family
		{"conversation:notice:delivery:failure", "", "delivery_failure", activity.Error, "message", true},
		{"switchboard:takeControl:failure", "", "switchboard_failure", activity.Error, "conversation", true},
		{"client:add:failure", "", "link_failure", activity.Error, "client", true},
		{"user:merge:failure", "", "other", activity.Error, "message", true},
	}
	for _, test := range tests {
		a := ofPayload(t, test.name, payload+test.reason+`"}`)
		require.Equal(t, test.kind, a.Type, test.name)
		require.Equal(t, test.status, a.Status, test.name)
		require.Equal(t, test.object, a.ObjectType, test.name)
		require.Equal(t, test.failed, a.Error != nil, test.name)
		require.Equal(t, activity.Observed, a.Evidence)
		require.Equal(t, "a1", a.Account)
		require.Equal(t, "a1/e1", a.ID)
	}
}

func TestUnwanted(t *testing.T) {
	for _, body := range []string{
		`{"events":[{"id":"1","type":"conversation:message"}]}`,
		`{"events":[{"id":"1","type":"client:remove","payload":{"reason":"api","error":null}}]}`,
		`{"events":[{"id":"1","type":"client:update","payload":{"reason":"unblocked"}}]}`,
		`{"events":[{"id":"1","type":"failure"}]}`,
		`{"events":[{"id":"1","type":"user:update","payload":{"error":{}}}]}`,
		`{"events":[{"id":"1","type":"user:update","payload":{"error":[ ]}}]}`,
		`{"trigger":"message:appUser"}`,
	} {
		_, e := parse(t, body)
		_, known, wanted := Lookup(e)
		require.False(t, known, body)
		require.False(t, wanted, body)
	}
}

// TestIDs: what tells events of the older versions apart, and what does not.
func TestIDs(t *testing.T) {
	const user = "66aa5e71a1b2c3d400000131"
	tests := map[string]struct{ body, want string }{
		"version 2":               {`{"app":{"id":"a"},"events":[{"id":"e","type":"t:failure"}]}`, "a/e"},
		"version 2, a slash":      {`{"app":{"id":"a"},"events":[{"id":"e/f","type":"t:failure"}]}`, "a/" + activity.Digest([]byte("e/f"))},
		"version 2, an address":   {`{"app":{"id":"a"},"events":[{"id":"jane@example.com","type":"t:failure"}]}`, "a/" + activity.Digest([]byte("jane@example.com"))},
		"an app with a slash":     {`{"app":{"id":"a/b"},"events":[{"id":"e","type":"t:failure"}]}`, "a%2Fb/e"},
		"version 2, of no app":    {`{"events":[{"id":"e","type":"t:failure"}]}`, "/e"},
		"message":                 {`{"app":{"_id":"a"},"trigger":"t:failure","message":{"_id":"m"},"destination":{"type":"line"},"timestamp":1795600801.5}`, "a/t:failure/m/line/1795600801.5"},
		"message, no time":        {`{"app":{"_id":"a"},"trigger":"t:failure","message":{"_id":"m"},"destination":{"type":"line"}}`, "a/t:failure/m/line/"},
		"one of several messages": {`{"app":{"_id":"a"},"trigger":"t:failure","messages":[{"_id":"m1"},{"_id":"m2"}],"timestamp":1795600801}`, "a/t:failure/m1//1795600801"},
		"notification":            {`{"app":{"_id":"a"},"trigger":"t:failure","notification":{"_id":"n"},"timestamp":1795600801}`, "a/t:failure/n//1795600801"},
		"message, notification":   {`{"app":{"_id":"a"},"trigger":"t:failure","message":{"_id":"m"},"notification":{"_id":"n"},"timestamp":1795600801}`, "a/t:failure/m+n//1795600801"},
		"user and time":           {`{"app":{"_id":"a"},"trigger":"t:failure","appUser":{"_id":"` + user + `"},"channel":"line","timestamp":1795600801}`, "a/t:failure/" + user + "/line/1795600801"},
		"user, no time":           {`{"app":{"_id":"a"},"trigger":"t:failure","appUser":{"_id":"` + user + `"},"channel":"line"}`, ""},
		"time, no user":           {`{"app":{"_id":"a"},"trigger":"t:failure","appUser":{"_id":"jane@example.com"},"timestamp":1795600801}`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r, e := parse(t, test.body)
			require.Equal(t, test.want, id(r, e))
		})
	}
}
