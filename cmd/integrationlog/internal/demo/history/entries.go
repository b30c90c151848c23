// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"fmt"
	"maps"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
)

// Entry is what a bot, an action or a flow posts of itself.
type Entry struct {
	Of    activity.Product
	Entry senders.Entry
}

// Product implements What.
func (e Entry) Product() activity.Product { return e.Of }

// step is something that code at Zendesk does, and posts how it went.
type step struct {
	product activity.Product
	// per working day
	perDay float64
	curve  *curve
	// fields are the same of all its entries.
	fields map[string]any
	// success is what it says mostly, failures what it says else, each as likely as the
	// others, with a probability of all of them.
	success  string
	failures []outcome
	failing  float64
}

// outcome is how something failed, or nearly.
type outcome struct {
	level, message string
	fields         map[string]any
}

// addSteps adds sources of entries.
func (c *Company) addSteps(steps ...step) {
	for i, s := range steps {
		c.add(source{name: fmt.Sprint(s.product, i), perDay: s.perDay, curve: s.curve, happen: func(d dice, at time.Time) []Event {
			said := outcome{"info", s.success, map[string]any{"outcome": "success"}}
			if d.chance(s.failing) {
				said = pick(d, s.failures...)
			}
			return []Event{c.entry(d, at, s, said)}
		}})
	}
}

// entry makes the entry of a step that ended so. The bundles that we ship send an id and a
// time; so do these.
func (c *Company) entry(d dice, at time.Time, s step, said outcome) Event {
	ticket := c.ticket(d, at)
	fields := map[string]any{"subdomain": subdomain, "object": map[string]any{"type": "ticket", "id": ticket}}
	maps.Copy(fields, s.fields)
	maps.Copy(fields, said.fields)
	if call, ok := fields["url"].(string); ok {
		fields["url"] = fmt.Sprintf(call, 48200+d.IntN(300), pick(d, persons...).email)
	}
	return once(at, Entry{Of: s.product, Entry: senders.Entry{
		ID: fmt.Sprintf("%s:%s", s.product, d.hex(12)), Timestamp: at.UTC().Format("2006-01-02T15:04:05.000Z"),
		Product: string(s.product), Level: said.level, Message: said.message, Fields: fields,
	}})
}

// addBots adds the calls that bots make while they talk to customers.
func (c *Company) addBots() {
	const orders = "https://api.acme.example/orders/%d?email=%s"
	lost := outcome{"error", "The order could not be looked up", map[string]any{"outcome": "failure", "status_code": 504, "cause": "no answer within 10 seconds"}}
	c.addSteps(
		step{
			activity.BotBuilder, 95, &shoppers,
			map[string]any{"bot": "Order bot", "api_call": "Look up order", "method": "GET", "url": orders},
			"The order was looked up",
			[]outcome{
				lost,
				{"error", "There is no such order", map[string]any{"outcome": "failure", "status_code": 404}},
				{"error", "There is no such order", map[string]any{"outcome": "failure", "status_code": 404}},
			},
			0.06,
		},
		step{
			activity.BotBuilder, 28, &shoppers,
			map[string]any{"bot": "Returns bot", "api_call": "Register return", "method": "POST", "url": "https://api.acme.example/returns?order=%d&email=%s"},
			"The return was registered",
			[]outcome{
				{"error", "The return could not be registered", map[string]any{"outcome": "failure", "status_code": 422, "cause": "the order is older than 30 days"}},
				{"warning", "The return was registered without a label", map[string]any{"outcome": "success"}},
			},
			0.09,
		},
		step{
			activity.BotBuilder, 16, &office,
			map[string]any{"bot": "Appointment bot", "api_call": "Book a call back", "method": "POST", "url": "https://calendar.acme.example/slots?order=%d&for=%s"},
			"The call back was booked",
			[]outcome{
				{"error", "No call back was booked", map[string]any{"outcome": "failure", "status_code": 409, "cause": "the slot is taken"}},
				{"error", "No call back was booked", map[string]any{"outcome": "failure", "status_code": 401, "cause": "the token of the calendar has expired"}},
			},
			0.07,
		},
	)
}

// addActions adds custom actions and action flows.
func (c *Company) addActions() {
	run := func(flow, step, trigger string) map[string]any {
		return map[string]any{"flow": flow, "step": step, "trigger": trigger, "mode": "run"}
	}
	c.addSteps(
		step{
			activity.Actions, 34, &office, run("Incident to Jira", "Create issue", "Ticket form changed"), "An issue was created", []outcome{
				{"error", "No issue was created", map[string]any{"outcome": "failure", "status_code": 422, "cause": "Field priority is required"}},
				{"error", "No issue was created", map[string]any{"outcome": "failure", "status_code": 429, "cause": "too many requests"}},
			}, 0.05,
		},
		step{
			activity.Actions, 22, &office, run("Refund", "Refund order", "Ticket tag added"), "The refund was made", []outcome{
				{"error", "The refund was refused", map[string]any{"outcome": "failure", "status_code": 409, "cause": "the order was refunded already"}},
				{"warning", "The refund waits for an approval", map[string]any{"outcome": "success"}},
			}, 0.1,
		},
		step{
			activity.Actions, 12, &office, run("Loyalty points", "Add points", "Ticket solved"), "Points were added", []outcome{
				{"error", "No points were added", map[string]any{"outcome": "failure", "status_code": 503, "cause": "the loyalty system is being maintained"}},
			}, 0.05,
		},
		step{
			activity.Actions, 3, &office,
			map[string]any{"action": "Find customer", "mode": "test", "inputs": map[string]any{"email": persons[0].email}},
			"The customer was found",
			[]outcome{
				{"error", "The customer was not found", map[string]any{"outcome": "failure", "status_code": 404}},
			},
			0.3,
		},
	)
}

// addFlows adds the flows of three private integrations.
func (c *Company) addFlows() {
	flow := func(integration, flow, state string) map[string]any {
		return map[string]any{"integration_key": integration, "flow": flow, "state": state, "account_id": 4711001}
	}
	called := func(state string, code int) map[string]any {
		return map[string]any{"state": state, "cause": fmt.Sprintf("external action failed due to status code: %d", code)}
	}
	c.addSteps(
		step{
			activity.ZIS, 64, &office, flow("acme_order_sync", "on_ticket_created", "Done"), "Order sent", []outcome{
				{"error", "Order not sent", called("TellWarehouse", 404)},
				{"error", "Order not sent", called("TellWarehouse", 503)},
				{"warning", "Order sent without an address", nil},
			}, 0.06,
		},
		step{
			activity.ZIS, 41, &office, flow("acme_order_sync", "on_ticket_solved", "Done"), "Execution Successful", []outcome{
				{"error", "Ticket not read", map[string]any{"state": "ReadTicket", "cause": "JSON path not found: $.input.ticket_event.ticket.subject"}},
			}, 0.03,
		},
		step{
			activity.ZIS, 26, &office, flow("acme_invoices", "on_invoice_requested", "Done"), "Invoice attached", []outcome{
				{"error", "Invoice not found", called("FetchInvoice", 404)},
				{"error", "Invoice not attached", called("AttachInvoice", 413)},
			}, 0.08,
		},
		caseNotes,
	)
}

// caseNotes is the flow that suffers from the lock storm in Salesforce.
var caseNotes = step{
	activity.ZIS, 18, &office,
	map[string]any{"integration_key": "acme_case_notes", "flow": "on_comment_added", "state": "Done", "account_id": 4711001},
	"Note added to the case",
	[]outcome{
		{"error", "Note not added to the case", map[string]any{"state": "AddNote", "cause": "external action failed due to status code: 400"}},
	},
	0.02,
}
