// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package senders

import (
	"fmt"
	"maps"
	"time"
)

// entrySample is an entry without what all of a product have.
type entrySample struct {
	level, message string
	fields         map[string]any
}

var zisSamples = []entrySample{
	{"info", "Order sent", map[string]any{"flow": "on_ticket_created", "state": "Done"}},
	{"info", "Execution Successful", map[string]any{"flow": "on_ticket_solved", "state": "Done"}},
	{"error", "Order not sent", map[string]any{
		"flow": "on_ticket_created", "state": "TellWarehouse", "cause": "external action failed due to status code: 404",
	}},
	{"warning", "Order sent without an address", map[string]any{"flow": "on_ticket_created", "state": "Done"}},
	{"error", "Ticket of ada@example.com not read", map[string]any{
		"flow": "on_ticket_solved", "state": "ReadTicket", "cause": "JSON path not found: $.input.ticket_event.ticket.subject",
	}},
}

var botSamples = []entrySample{
	{"info", "The order was looked up", map[string]any{"api_call": "Look up order", "method": "GET", "outcome": "success"}},
	{"info", "The return was registered", map[string]any{"api_call": "Register return", "method": "POST", "outcome": "success"}},
	{"error", "The order could not be looked up", map[string]any{"api_call": "Look up order", "method": "GET", "outcome": "failure"}},
}

var actionSamples = []entrySample{
	{"info", "An issue was created", map[string]any{"flow": "Incident to Jira", "step": "Create issue", "mode": "run", "outcome": "success"}},
	{"error", "No issue was created", map[string]any{
		"flow": "Incident to Jira", "step": "Create issue", "mode": "run", "outcome": "failure", "status_code": 422, "cause": "Field priority is required",
	}},
	{"info", "The customer was found", map[string]any{"action": "Find customer", "mode": "test", "outcome": "success", "inputs": map[string]any{"email": "ada@example.com"}}},
	{"info", "The refund was made", map[string]any{"flow": "Refund", "step": "Refund order", "mode": "run", "outcome": "success"}},
}

// ZISSample returns the n-th entry of the log steps of a flow, which send an id and a
// time. Of five that follow each other two are failures, and one is a warning.
func ZISSample(n int, at time.Time) Entry {
	sample := pick(zisSamples, n)
	entry := sample.entry("zis", n, map[string]any{"integration_key": "order_sync", "account_id": 4711001, "event_ref": fmt.Sprintf("18-%d", 646602000+n)})
	entry.Timestamp = at.UTC().Format(time.RFC3339)
	entry.ID = fmt.Sprintf("zis:4711001:order_sync:%v:%v:%s:18-%d", sample.fields["flow"], sample.fields["state"], sample.level, 646602000+n)
	return entry
}

// BotSample returns the n-th entry of a bot's step, which knows neither an id nor a time.
// Of three that follow each other one is a failure.
func BotSample(n int) Entry {
	return pick(botSamples, n).entry("bot-builder", n, map[string]any{
		"bot": "Order bot", "url": fmt.Sprintf("https://shop.example.com/api/orders/%d?email=ada@example.com", 1000+n),
	})
}

// ActionSample returns the n-th entry of an action, which knows neither an id nor a time.
// Of four that follow each other one is a failure, and one is a test.
func ActionSample(n int) Entry {
	return pick(actionSamples, n).entry("actions", n, map[string]any{"trigger": "Ticket form changed"})
}

func (s entrySample) entry(product string, n int, fields map[string]any) Entry {
	maps.Copy(fields, s.fields)
	fields["subdomain"] = "acme"
	fields["object"] = map[string]any{"type": "ticket", "id": 35000 + n}
	return Entry{Product: product, Level: s.level, Message: s.message, Fields: fields}
}
