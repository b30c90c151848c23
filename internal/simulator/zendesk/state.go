// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"slices"
	"time"
)

// retention is how long invocations are kept.
const retention = 7 * 24 * time.Hour

// Webhook is one that is listed.
type Webhook struct {
	// ID is given by AddWebhook, if it is empty.
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Status      string    `json:"status"`
	Endpoint    string    `json:"endpoint"`
	Method      string    `json:"http_method"`
	Format      string    `json:"request_format"`
	Events      []string  `json:"subscriptions"`
	CreatedAt   time.Time `json:"created_at"`
	CreatedBy   string    `json:"created_by"`
	UpdatedAt   time.Time `json:"updated_at,omitzero"`
	UpdatedBy   string    `json:"updated_by,omitempty"`
	// Source is of a webhook that an app made.
	Source map[string]any `json:"external_source,omitempty"`
	// Authentication is how the webhook signs in at its endpoint.
	Authentication map[string]any `json:"authentication,omitempty"`
	// Headers are sent along; they may hold secrets.
	Headers map[string]string `json:"custom_headers,omitempty"`
}

// Invocation is one row of the log of a webhook. An id may have several.
type Invocation struct {
	// ID is given by AddInvocation, if it is empty.
	ID string
	// Status is success, failed, timeout, circuit broken, throttled, terminated, …
	Status string
	// StatusCode is 0 where there was no answer.
	StatusCode int
	// CompletedAt is the latest_completed_at, of which seconds are shown.
	CompletedAt time.Time
}

// Attempt is one try of an invocation.
type Attempt struct {
	InvocationID string
	Status       string
	// StatusCode is 0 where there was no answer. Request and Response are the bodies;
	// there are none where nothing was sent.
	StatusCode  int
	CompletedAt time.Time
	Request     string
	Response    string
}

// row is an invocation with what pages are made by.
type row struct {
	key string
	Invocation
}

// state is what the webhooks API tells.
type state struct {
	webhooks    []Webhook
	invocations map[string][]row
	attempts    map[string][]Attempt
}

// AddWebhook adds a webhook, and returns its id.
func (a *Account) AddWebhook(webhook Webhook) string {
	now := a.settings.Now().UTC()
	if webhook.ID == "" {
		webhook.ID = NewULID(now)
	}
	if webhook.CreatedAt.IsZero() {
		webhook.CreatedAt = now
	}
	for _, field := range []struct {
		to        *string
		otherwise string
	}{
		{&webhook.Status, "active"},
		{&webhook.Endpoint, "https://hooks.acme.example/"},
		{&webhook.Method, "POST"},
		{&webhook.Format, "json"},
		{&webhook.CreatedBy, "1234567890"},
	} {
		if *field.to == "" {
			*field.to = field.otherwise
		}
	}
	if webhook.Events == nil {
		webhook.Events = []string{"conditional_ticket_events"}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.webhooks = append(a.state.webhooks, webhook)
	return webhook.ID
}

// RemoveWebhook removes a webhook and its log.
func (a *Account) RemoveWebhook(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.webhooks = slices.DeleteFunc(a.state.webhooks, func(w Webhook) bool { return w.ID == id })
	delete(a.state.invocations, id)
}

// AddInvocation adds a row to the log of a webhook, and returns its id.
func (a *Account) AddInvocation(webhookID string, invocation Invocation) string {
	if invocation.ID == "" {
		invocation.ID = NewULID(invocation.CompletedAt)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state.invocations == nil {
		a.state.invocations = map[string][]row{}
	}
	a.state.invocations[webhookID] = append(a.state.invocations[webhookID], row{NewULID(invocation.CompletedAt), invocation})
	return invocation.ID
}

// AddAttempt adds a try.
func (a *Account) AddAttempt(webhookID string, attempt Attempt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state.attempts == nil {
		a.state.attempts = map[string][]Attempt{}
	}
	key := webhookID + " " + attempt.InvocationID
	a.state.attempts[key] = append(a.state.attempts[key], attempt)
}

// ForgetInvocations empties every log: as when the account is moved to another pod.
func (a *Account) ForgetInvocations() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.state.invocations)
	clear(a.state.attempts)
}
