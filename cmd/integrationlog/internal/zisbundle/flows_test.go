// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"
)

const credential = "Bearer the-token"

// log is a server that takes entries, or answers what it is told.
type log struct {
	*httptest.Server
	mu      sync.Mutex
	entries []string
}

func newLog(t *testing.T, trouble http.HandlerFunc) *log {
	t.Helper()
	l := &log{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if trouble != nil {
			trouble(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/zis" || r.Header.Get("Authorization") != credential ||
			r.Header.Get("Content-Type") != "application/json" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.entries = append(l.entries, string(body))
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *log) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := l.entries
	l.entries = nil
	return entries
}

// outside is the system that a flow calls, which answers with a status.
func outside(t *testing.T, status int) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<html>Example</html>")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func bundleOf(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "cases", name, "before.json"))
	require.NoError(t, err)
	return bytes.ReplaceAll(content, []byte("INTEGRATION_KEY"), []byte("acme_example"))
}

func instrumented(t *testing.T, source []byte, options zisbundle.Options) []byte {
	t.Helper()
	options.URL = "https://log.example.com/zis"
	result, _, err := zisbundle.Instrument(source, options)
	require.NoError(t, err)
	return result
}

func ticketEvent(priority, reference string, position int) map[string]any {
	return map[string]any{
		"account_id": 12345, "integration_key": "acme_example", "subdomain": "acme",
		"input": map[string]any{"ticket_event": map[string]any{
			"meta": map[string]any{
				"sequence": map[string]any{"id": "C205", "position": position, "total": 9},
				"version":  "1.0", "occurred_at": "2026-11-20T08:46:37Z", "ref": reference,
			},
			"type":   "Ticket Created",
			"ticket": map[string]any{"id": 35436, "priority": priority, "subject": "jane@example.com cannot log in"},
		}},
	}
}

func run(t *testing.T, source []byte, flow string, input any, logURL, outsideURL string) zissim.Result {
	t.Helper()
	result, err := zissim.Run(t.Context(), source, flow, input, zissim.Options{
		Client:      &http.Client{Timeout: 300 * time.Millisecond},
		Endpoints:   map[string]string{"https://log.example.com": logURL, "https://example.com": outsideURL, "https://api.example.com": outsideURL},
		Connections: map[string]string{zisbundle.DefaultConnection: credential},
	})
	require.NoError(t, err)
	return result
}

func TestAFlowTellsHowItEnded(t *testing.T) {
	source := instrumented(t, bundleOf(t, "example"), zisbundle.Options{Catch: []string{zisbundle.CatchAll}})
	for name, test := range map[string]struct {
		priority string
		status   int
		want     string
	}{
		"a message": {"urgent", http.StatusOK, `{
			"id": "zis:12345:acme_example:example_flow:CalledOut:info:18-646602214-C205-1",
			"timestamp": "2026-11-20T08:46:37Z", "product": "zis", "service": "zis", "level": "info",
			"message": "Called out for an urgent ticket",
			"fields": {"integration_key": "acme_example", "account_id": 12345, "subdomain": "acme", "flow": "example_flow",
				"state": "CalledOut", "event_ref": "18-646602214-C205-1", "object": {"type": "ticket", "id": "35436"}}}`},
		"no message": {"normal", http.StatusOK, `{
			"id": "zis:12345:acme_example:example_flow:NothingToDo:info:18-646602214-C205-1",
			"timestamp": "2026-11-20T08:46:37Z", "product": "zis", "service": "zis", "level": "info",
			"message": "Execution Successful",
			"fields": {"integration_key": "acme_example", "account_id": 12345, "subdomain": "acme", "flow": "example_flow",
				"state": "NothingToDo", "event_ref": "18-646602214-C205-1", "object": {"type": "ticket", "id": "35436"}}}`},
		"a Fail state": {"low", http.StatusOK, `{
			"id": "zis:12345:acme_example:example_flow:Refused:error:18-646602214-C205-1",
			"timestamp": "2026-11-20T08:46:37Z", "product": "zis", "service": "zis", "level": "error",
			"message": "Tickets of the priority low are not taken",
			"fields": {"integration_key": "acme_example", "account_id": 12345, "subdomain": "acme", "flow": "example_flow",
				"state": "Refused", "event_ref": "18-646602214-C205-1", "object": {"type": "ticket", "id": "35436"},
				"error": "priority_refused", "cause": "Tickets of the priority low are not taken"}}`},
		"a state that failed": {"urgent", http.StatusServiceUnavailable, `{
			"id": "zis:12345:acme_example:example_flow:CallOut:error:18-646602214-C205-1",
			"timestamp": "2026-11-20T08:46:37Z", "product": "zis", "service": "zis", "level": "error",
			"message": "external action failed due to status code: 503",
			"fields": {"integration_key": "acme_example", "account_id": 12345, "subdomain": "acme", "flow": "example_flow",
				"state": "CallOut", "event_ref": "18-646602214-C205-1", "object": {"type": "ticket", "id": "35436"},
				"cause": "external action failed due to status code: 503"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			server := newLog(t, nil)
			input := ticketEvent(test.priority, "18-646602214", 1)
			run(t, source, "example_flow", input, server.URL, outside(t, test.status))
			entries := server.take()
			require.Len(t, entries, 1)
			assert.JSONEq(t, test.want, entries[0])

			run(t, source, "example_flow", input, server.URL, outside(t, test.status))
			assert.Equal(t, entries, server.take(), "when the flow is run again, the entry is the very same")
		})
	}
}

func TestEventsAreToldApart(t *testing.T) {
	source := instrumented(t, bundleOf(t, "example"), zisbundle.Options{Catch: []string{zisbundle.CatchAll}})
	server := newLog(t, nil)
	ok, broken := outside(t, http.StatusOK), outside(t, http.StatusNotFound)
	for _, input := range []map[string]any{
		ticketEvent("urgent", "18-1", 1), ticketEvent("urgent", "18-1", 2), ticketEvent("urgent", "18-2", 1), ticketEvent("low", "18-1", 1),
	} {
		run(t, source, "example_flow", input, server.URL, ok)
	}
	run(t, source, "example_flow", ticketEvent("urgent", "18-1", 1), server.URL, broken)
	ids := map[any]bool{}
	for _, entry := range server.take() {
		var members map[string]any
		require.NoError(t, json.Unmarshal([]byte(entry), &members))
		ids[members["id"]] = true
	}
	assert.Len(t, ids, 5)
}

// TestALogInTroubleChangesNothing is the promise: whatever becomes of an entry, the flow
// ends as it would have ended without the log.
func TestALogInTroubleChangesNothing(t *testing.T) {
	original := bundleOf(t, "example")
	source := instrumented(t, original, zisbundle.Options{})
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	troubles := map[string]http.HandlerFunc{
		"none": status(http.StatusOK), "401": status(http.StatusUnauthorized), "424": status(http.StatusFailedDependency),
		"429": status(http.StatusTooManyRequests), "500": status(http.StatusInternalServerError), "503": status(http.StatusServiceUnavailable),
		"hung up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"too slow": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the client has gone
			<-r.Context().Done()
		},
		"no JSON":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "thanks") },
		"odd JSON":  func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `[null]`) },
		"not there": nil,
	}
	inputs := map[string]any{
		"urgent": ticketEvent("urgent", "18-1", 1), "low": ticketEvent("low", "18-1", 1), "normal": ticketEvent("normal", "18-1", 1),
		"empty": map[string]any{}, "null": nil,
	}
	for trouble, handler := range troubles {
		t.Run(trouble, func(t *testing.T) {
			server := newLog(t, handler)
			if handler == nil {
				server.Close()
			}
			for name, input := range inputs {
				for _, code := range []int{http.StatusOK, http.StatusNotFound, http.StatusTooManyRequests, http.StatusBadGateway} {
					external := outside(t, code)
					want := run(t, original, "example_flow", input, "", external)
					got := run(t, source, "example_flow", input, server.URL, external)
					assert.Equal(t, want.Succeeded, got.Succeeded, "%s, %d", name, code)
					assert.Equal(t, want.Message, got.Message, "%s, %d", name, code)
					assert.Equal(t, want.Error, got.Error, "%s, %d", name, code)
					assert.Equal(t, want.RunAgain, got.RunAgain, "%s, %d", name, code)
					assert.Equal(t, want.State, got.State, "%s, %d", name, code)
				}
			}
		})
	}
}

// TestACatchTakesTheRunsAgainAway is why states are caught only on request.
func TestACatchTakesTheRunsAgainAway(t *testing.T) {
	original := bundleOf(t, "example")
	source := instrumented(t, original, zisbundle.Options{Catch: []string{zisbundle.CatchAll}})
	server, external := newLog(t, nil), outside(t, http.StatusTooManyRequests)
	before := run(t, original, "example_flow", ticketEvent("urgent", "18-1", 1), "", external)
	after := run(t, source, "example_flow", ticketEvent("urgent", "18-1", 1), server.URL, external)
	assert.True(t, before.RunAgain)
	assert.False(t, after.RunAgain)
	assert.False(t, after.Succeeded)
	assert.Equal(t, before.Message, after.Message)
}

func TestWithoutItsConnectionNoFlowStarts(t *testing.T) {
	source := instrumented(t, bundleOf(t, "example"), zisbundle.Options{})
	result, err := zissim.Run(t.Context(), source, "example_flow", ticketEvent("low", "18-1", 1), zissim.Options{})
	require.NoError(t, err)
	assert.Empty(t, result.States)
	assert.Contains(t, result.Message, zisbundle.DefaultConnection)
}

func TestEveryEndIsLogged(t *testing.T) {
	source := instrumented(t, bundleOf(t, "ends"), zisbundle.Options{Catch: []string{zisbundle.CatchAll}})
	server := newLog(t, nil)
	for subdomain, want := range map[string]string{"a": "Get", "b": "Rest", "c": "Last"} {
		input := ticketEvent("low", "18-1", 1)
		input["subdomain"], input["items"] = subdomain, []any{1, 2}
		result := run(t, source, "everything", input, server.URL, outside(t, http.StatusOK))
		assert.True(t, result.Succeeded)
		assert.Equal(t, "Execution Successful", result.Message)
		entries := server.take()
		require.Len(t, entries, 1)
		assert.Contains(t, entries[0], `"state":"`+want+`"`)
	}
	result := run(t, source, "nothing", ticketEvent("low", "18-1", 1), server.URL, "")
	assert.Equal(t, "Nothing to do in acme", result.Message)
	assert.Contains(t, server.take()[0], `"message":"Nothing to do in acme"`)
}

func TestAFailStateTellsWhatWasCaught(t *testing.T) {
	source := instrumented(t, bundleOf(t, "existing_catch"), zisbundle.Options{})
	server := newLog(t, nil)
	result := run(t, source, "order", ticketEvent("low", "18-1", 1), server.URL, outside(t, http.StatusNotFound))
	assert.Equal(t, "Order of ticket 35436 was not updated", result.Message)
	entry := server.take()[0]
	assert.Contains(t, entry, `"message":"Order of ticket 35436 was not updated"`)
	assert.Contains(t, entry, `"cause":"external action failed due to status code: 404"`)
	assert.Contains(t, entry, `"error":"not_updated"`)
}

func TestEventsOfOthersNeedTheirPaths(t *testing.T) {
	input := map[string]any{
		"account_id": 1, "integration_key": "shop", "subdomain": "acme",
		"input": map[string]any{"delivery": map[string]any{"id": "d-1"}, "sent_at": "2026-11-20T10:00:00Z"},
	}
	server := newLog(t, nil)
	named := instrumented(t, bundleOf(t, "webhook"), zisbundle.Options{EventReference: "$.input.delivery.id", EventTime: "$.input.sent_at"})
	run(t, named, "take", input, server.URL, "")
	entry := server.take()[0]
	assert.Contains(t, entry, `"id":"zis:1:shop:take:Take:info:d-1"`)
	assert.Contains(t, entry, `"timestamp":"2026-11-20T10:00:00Z"`)

	run(t, instrumented(t, bundleOf(t, "webhook"), zisbundle.Options{}), "take", input, server.URL, "")
	entry = server.take()[0]
	assert.NotContains(t, entry, `"id"`, "an id that does not tell events apart would merge them")
	assert.NotContains(t, entry, `"timestamp"`)
}

// TestNoPersonalData has an event with an address in its subject: nothing of an event is
// sent but its reference and the id of its object.
func TestNoPersonalData(t *testing.T) {
	source := instrumented(t, bundleOf(t, "example"), zisbundle.Options{})
	server := newLog(t, nil)
	run(t, source, "example_flow", ticketEvent("low", "18-1", 1), server.URL, "")
	entries := server.take()
	require.Len(t, entries, 1)
	assert.NotContains(t, entries[0], "jane")
}
