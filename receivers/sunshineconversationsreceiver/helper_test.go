// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

const testSecret = "canary-secret-of-the-webhook"

func testConfig() *Config {
	config := createDefaultConfig().(*Config)
	config.Secrets = testSecret
	return config
}

// subject is the receiver with include_deliveries, so that every fixture leaves a record.
func subject(testing.TB) webhooktest.Subject {
	config := testConfig()
	config.IncludeDeliveries = true
	return subjectOf(config)
}

func subjectOf(config *Config) webhooktest.Subject {
	return webhooktest.Subject{Factory: NewFactory(), Config: config, Shared: &config.Config}
}

// newRequest is what Sunshine Conversations posts.
func newRequest(body []byte) webhooktest.Request {
	return webhooktest.Request{
		Header: http.Header{"Content-Type": {"application/json"}, http.CanonicalHeaderKey(keyHeader): {testSecret}},
		Body:   body,
	}
}

func forged(q webhooktest.Request) webhooktest.Request {
	return q.With(keyHeader, "another")
}

// fixture returns the request of a fixture.
func fixture(tb testing.TB, name string) webhooktest.Request {
	tb.Helper()
	return newRequest(webhooktest.ReadFile(tb, filepath.Join("testdata", "requests", name), "body.json"))
}

func allFixtures(tb testing.TB) map[string]webhooktest.Request {
	tb.Helper()
	requests := map[string]webhooktest.Request{}
	for _, directory := range webhooktest.Fixtures(tb, "requests") {
		requests[filepath.Base(directory)] = fixture(tb, filepath.Base(directory))
	}
	return requests
}

// failureEvent is an event of version 2; each number is an event of its own.
func failureEvent(number int) string {
	return fmt.Sprintf(`{"id":"66ff5e71a1b2c3d4%08x","createdAt":"2026-11-25T10:00:00.001Z",`+
		`"type":"conversation:message:delivery:failure","payload":{"message":{"id":"66125e71a1b2c3d4%08x"},`+
		`"destination":{"type":"whatsapp"},"isFinalEvent":true,"error":{"code":"uncategorized_error","message":"Too late"}}}`, number, number)
}

const testAppID = "65f1c0de9a3b7c0012d4e501"

// batch is a request of version 2.
func batch(tb testing.TB, events ...string) webhooktest.Request {
	tb.Helper()
	list := make([]json.RawMessage, 0, len(events))
	for _, event := range events {
		list = append(list, json.RawMessage(event))
	}
	body, err := json.Marshal(map[string]any{
		"app": map[string]string{"id": testAppID}, "webhook": map[string]string{"id": "65f1c0dea77e1b0012d4e502", "version": "v2"}, "events": list,
	})
	require.NoError(tb, err)
	return newRequest(body)
}
