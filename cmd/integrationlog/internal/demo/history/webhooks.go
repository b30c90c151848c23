// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// Invocation is a row in the log of one of Zendesk's webhooks.
type Invocation struct {
	// Webhook is the webhook's id.
	Webhook  string
	Row      zendesk.Invocation
	Attempts []zendesk.Attempt
}

// Product implements What.
func (Invocation) Product() activity.Product { return activity.Webhooks }

// Webhook is a webhook of the company's Zendesk account.
type Webhook struct {
	ID, Name, Endpoint string
	// perDay is how often it is called on a working day.
	perDay  float64
	failing float64
}

// stock is the webhook that is throttled for a while.
const stock = "Warehouse stock"

// addWebhooks adds what Zendesk's triggers call.
func (c *Company) addWebhooks() {
	made := c.firstHour.Add(-400 * 24 * time.Hour)
	d := newDice(c.seed, "webhooks")
	for _, w := range []Webhook{
		{Name: "Notify ERP", Endpoint: "https://hooks.erp.example/orders", perDay: 88, failing: 0.03},
		{Name: stock, Endpoint: "https://api.warehouse.example/v2/reservations", perDay: 66, failing: 0.02},
		{Name: "Escalations to chat", Endpoint: "https://chat.acme.example/hooks/escalations", perDay: 21, failing: 0.02},
		{Name: "Survey results", Endpoint: "https://survey.acme.example/answers", perDay: 36, failing: 0.02},
	} {
		w.ID = ulid(d, made)
		c.Webhooks = append(c.Webhooks, w)
		c.add(source{name: w.Name, perDay: w.perDay, curve: &office, happen: w.call})
	}
}

// call is one invocation: mostly it succeeds, and seldom it has two states.
func (w *Webhook) call(d dice, at time.Time) []Event {
	id := ulid(d, at)
	if !d.chance(w.failing) {
		return []Event{w.state(id, at, "success", http.StatusOK)}
	}
	switch d.IntN(4) {
	case 0:
		return []Event{w.state(id, at, "timeout", 0)}
	case 1:
		return []Event{w.state(id, at, "client error", http.StatusUnprocessableEntity)}
	case 2:
		return []Event{w.state(id, at, "server error", http.StatusBadGateway)}
	default: // it is held back, tried again, and given up
		return []Event{w.state(id, at, "throttled", http.StatusTooManyRequests), w.state(id, at.Add(8*time.Minute), "terminated", http.StatusServiceUnavailable)}
	}
}

// state is one row of the webhook's log. Zendesk tells whole seconds. What failed was
// tried.
func (w *Webhook) state(id string, at time.Time, status string, code int) Event {
	at = at.Truncate(time.Second)
	invocation := Invocation{Webhook: w.ID, Row: zendesk.Invocation{ID: id, Status: status, StatusCode: code, CompletedAt: at}}
	if status != "success" {
		invocation.Attempts = []zendesk.Attempt{{InvocationID: id, Status: status, StatusCode: code, CompletedAt: at}}
	}
	return once(at, invocation)
}

// ulid returns an id as Zendesk's webhooks and invocations have it.
func ulid(d dice, at time.Time) string {
	var entropy [10]byte
	for i := range entropy {
		entropy[i] = byte(d.Uint32N(256)) //nolint:gosec // it is below 256
	}
	return zendesk.ULID(at, entropy)
}
