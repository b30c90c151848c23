// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/entry"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

var (
	// canary marks what is personal or secret in the fields of the fixtures, the secret
	// that lets them in included: it must not get into a record.
	canary = regexp.MustCompile(`(?i)canary`)

	// personal are the names under which the fixtures have what is personal: all of it is
	// marked.
	personal = regexp.MustCompile(`(?i)^(.*email|phone|customer|requester|assignee|first_name|last_name|address|note|comment|ip|password|token|secret)$`)

	// freeText are the e-mail addresses, phone and card numbers and tokens that the
	// fixtures' messages quote. They may stand in the description and in messages, where
	// the pipeline masks them.
	freeText = regexp.MustCompile(`free-text|6 12 34 56 78|4111.?1111|xoxb`)
)

// CheckCanaries looks for what is personal in everything that comes out of the receiver.
// notNow is the product's code for what may succeed later, and marked how many marks the
// fixtures have at least.
func CheckCanaries(t *testing.T, factory receiver.Factory, notNow, marked int) {
	t.Helper()
	requests := map[string]webhooktest.Request{}
	found := 0
	for directory, request := range fixtures(t) {
		if isInLines(request) {
			continue // cut off, it would still be right for the most part
		}
		requests[directory] = request
		found += webhooktest.RequireMarked(t, request.Body, personal, canary)
	}
	require.GreaterOrEqual(t, found, marked, "there is something to find")
	webhooktest.Canaries{
		New: subjects(factory), Requests: requests, Forge: forged, Mark: canary, NotNow: notNow, ForGood: http.StatusBadRequest,
		Endings: map[string]webhooktest.Ending{
			"lines": {
				Change: func(q webhooktest.Request) webhooktest.Request {
					return inLines(webhooktest.Request{Header: q.Header, Body: []byte("x" + strings.ReplaceAll(string(q.Body), "\n", "\nx"))})
				},
				Code: http.StatusBadRequest,
			},
			"no message": {
				Change: func(q webhooktest.Request) webhooktest.Request {
					return webhooktest.Request{Header: q.Header, Body: []byte(strings.ReplaceAll(string(q.Body), `"message"`, `"canary"`))}
				},
				Code: http.StatusBadRequest,
			},
		},
	}.Check(t)
	t.Run("free text", func(t *testing.T) { checkFreeText(t, factory) })
}

// checkFreeText requires that what messages quote stands where the pipeline masks it, and
// is gone behind it.
func checkFreeText(t *testing.T, factory receiver.Factory) {
	t.Helper()
	r := webhooktest.Start(t, subject(factory), nil)
	for directory, request := range fixtures(t) {
		require.Equal(t, http.StatusOK, r.Post(t, request).Code, directory)
	}
	kinds := map[string]bool{}
	for _, logs := range r.Sink.AllLogs() {
		for _, record := range webhooktest.Records(logs) {
			for _, kind := range freeText.FindAllString(record.Body().Str(), -1) {
				kinds[kind] = true
			}
			for key, value := range record.Attributes().All() {
				if !strings.HasSuffix(key, "message") {
					require.NotRegexp(t, freeText, value.AsString(), key)
				}
			}
		}
		masked := webhooktest.Text(t, webhooktest.BehindRedaction(t, logs))
		require.NotRegexp(t, freeText, masked)
		require.NotRegexp(t, canary, masked)
	}
	require.Len(t, kinds, 4, "there is something of each kind to find: %v", kinds)
	require.NotRegexp(t, freeText, r.Said(t))
}

// CheckIncludes also shows that the scan would find a mark in a record. prefix is the
// product's.
func CheckIncludes(t *testing.T, factory receiver.Factory, prefix string) {
	t.Helper()
	const body = `{"id":"1","message":"Hello","note":"canary","fields":{"order":{"number":17,"note":"canary"},"tags":["a","b"]}}`
	attributes := func(t *testing.T, change func(*entry.Config)) map[string]any {
		t.Helper()
		r := webhooktest.Start(t, subject(factory, change), nil)
		require.Equal(t, http.StatusOK, r.Post(t, newRequest(body)).Code)
		require.NotRegexp(t, canary, r.Said(t))
		return webhooktest.Records(r.Sink.AllLogs()...)[0].Attributes().AsRaw()
	}
	t.Run("fields", func(t *testing.T) {
		got := attributes(t, func(c *entry.Config) { c.IncludeFields = []string{"order.number", "tags", "nothing.there"} })
		require.Equal(t, "17", got[prefix+".order.number"])
		require.Equal(t, `["a","b"]`, got[prefix+".tags"])
		require.NotContains(t, got, prefix+".nothing.there")
		require.NotContains(t, got, prefix+".note")
	})
	t.Run("fields of a field", func(t *testing.T) {
		got := attributes(t, func(c *entry.Config) { c.IncludeFields = []string{"order", "order.number", "note"} })
		require.JSONEq(t, `{"number":17,"note":"canary"}`, got[prefix+".order"].(string))
		require.Equal(t, "17", got[prefix+".order.number"])
		require.Equal(t, "canary", got[prefix+".note"])
	})
	t.Run("payload", func(t *testing.T) {
		got := attributes(t, func(c *entry.Config) { c.IncludePayload = true })
		require.Equal(t, any(body), got["activity.payload"])
	})
	t.Run("nothing", func(t *testing.T) {
		for _, value := range attributes(t, func(*entry.Config) {}) {
			require.NotEqual(t, "17", value)
			require.NotContains(t, value, "canary")
		}
	})
}
