// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package senders

import (
	"context"
	"encoding/json"
	"net/http"
)

// Entries sends what code at Zendesk posts of itself: ZIS flows, bots and actions, each
// to a path and with a token of its own.
type Entries struct {
	target
	token string
}

// NewEntries returns a sender. The token is that of the connection at Zendesk.
func NewEntries(client *http.Client, url, token string) Entries {
	return Entries{target{url, client}, token}
}

// Entry is what one post says. What is empty is left out.
type Entry struct {
	ID        string         `json:"id,omitempty"`
	Timestamp string         `json:"timestamp,omitempty"`
	Product   string         `json:"product,omitempty"`
	Service   string         `json:"service,omitempty"`
	Level     string         `json:"level,omitempty"`
	Message   string         `json:"message"`
	Fields    map[string]any `json:"fields,omitempty"`
}

// Failed tells whether it is about something that went wrong.
func (e Entry) Failed() bool { return e.Level == "error" }

// Send posts one entry.
func (e Entries) Send(ctx context.Context, entry Entry) (Answer, error) {
	body, err := json.Marshal(entry)
	if err != nil {
		return Answer{}, err
	}
	return e.post(ctx, http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + e.token}}, body)
}
