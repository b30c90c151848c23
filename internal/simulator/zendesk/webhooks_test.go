// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func invocationsOf(id string) string { return "/api/v2/webhooks/" + id + "/invocations" }

// walk follows the cursor, and returns every row that came.
func (a *Account) walk(t *testing.T, path string, parameters ...string) (rows []string, pages int) {
	t.Helper()
	p := a.page(t, path, parameters...)
	for {
		pages++
		for _, row := range p.Invocations {
			rows = append(rows, fmt.Sprint(row["id"], row["status"], row["latest_completed_at"]))
		}
		if !p.Meta.HasMore || pages == 50 {
			return rows, pages
		}
		p = a.page(t, path, append([]string{"page[after]", p.Meta.AfterCursor}, parameters...)...)
	}
}

func TestListOfWebhooks(t *testing.T) {
	account := start(t, Settings{})
	for i := range 5 {
		status := "active"
		if i == 4 {
			status = "inactive"
		}
		account.AddWebhook(Webhook{Name: fmt.Sprint("hook ", i), Status: status})
	}
	first := account.page(t, "/api/v2/webhooks", "page[size]", "3")
	assert.Len(t, first.Webhooks, 3)
	assert.Equal(t, "https://acme.zendesk.com:443/api/v2/webhooks?page[after]="+strings.ReplaceAll(first.Meta.AfterCursor, "=", "%3D"), first.Links["next"])
	second := account.page(t, "/api/v2/webhooks", "page[size]", "3", "page[after]", first.Meta.AfterCursor)
	assert.Len(t, second.Webhooks, 2)
	assert.False(t, second.Meta.HasMore)
	assert.Len(t, account.page(t, "/api/v2/webhooks", "filter[status]", "active").Webhooks, 4)
	named := account.page(t, "/api/v2/webhooks", "filter[name_contains]", "hook 3")
	require.Len(t, named.Webhooks, 1)
	assert.Empty(t, named.Links)
	assert.Equal(t, "conditional_ticket_events", named.Webhooks[0].Events[0])
	account.RemoveWebhook(named.Webhooks[0].ID)
	assert.Len(t, account.page(t, "/api/v2/webhooks").Webhooks, 4)
	empty := start(t, Settings{})
	assert.Contains(t, empty.get(t, "/api/v2/webhooks").body, `"webhooks":[]`)
}

func TestInvocations(t *testing.T) {
	account := start(t, Settings{})
	id := account.AddWebhook(Webhook{Name: "hook"})
	twice := account.AddInvocation(id, Invocation{Status: "throttled", CompletedAt: now.Add(-10 * time.Minute)})
	account.AddInvocation(id, Invocation{ID: twice, Status: "terminated", StatusCode: 403, CompletedAt: now.Add(-2*time.Minute + 700*time.Millisecond)})
	account.AddInvocation(id, Invocation{Status: "success", StatusCode: 200, CompletedAt: now.Add(-8 * 24 * time.Hour)})

	rows := account.page(t, invocationsOf(id)).Invocations
	// What is older than seven days is gone; the newest is first; seconds are cut.
	assert.Equal(t, []map[string]any{
		{"id": twice, "status": "terminated", "status_code": 403.0, "latest_completed_at": "2026-11-26T09:58:00Z"},
		{"id": twice, "status": "throttled", "latest_completed_at": "2026-11-26T09:50:00Z"},
	}, rows)
	assert.Regexp(t, `^0[0-9A-HJKMNP-TV-Z]{25}$`, twice)

	for name, test := range map[string]struct {
		parameters []string
		statuses   []string
	}{
		"ascending": {[]string{"sort", "latest_completed_at"}, []string{"throttled", "terminated"}},
		"from":      {[]string{"filter[from_ts]", "2026-11-26T09:58:00Z"}, []string{"terminated"}},
		"to":        {[]string{"filter[to_ts]", "2026-11-26T09:57:59Z"}, []string{"throttled"}},
		"status":    {[]string{"filter[status]", "throttled"}, []string{"throttled"}},
	} {
		var statuses []string
		for _, row := range account.page(t, invocationsOf(id), test.parameters...).Invocations {
			statuses = append(statuses, row["status"].(string))
		}
		assert.Equal(t, test.statuses, statuses, name)
	}
	for _, parameters := range [][]string{
		{"filter[from_ts]", "yesterday"},
		{"filter[to_ts]", "today"},
		{"sort", "id"},
		{"page[size]", "0"},
		{"page[size]", "x"},
		{"page[after]", "!"},
		{"page[after]", base64.StdEncoding.EncodeToString([]byte("unknown,desc"))},
	} {
		assert.Equal(t, http.StatusBadRequest, account.get(t, invocationsOf(id), parameters...).status, parameters)
	}
}

func TestPagesOfInvocations(t *testing.T) {
	account := start(t, Settings{WebhookLimit: NoLimit})
	id := account.AddWebhook(Webhook{Name: "hook"})
	rows := account.AddTraffic(id, 250, now.Add(-time.Hour), 10*time.Millisecond)
	assert.Equal(t, 252, rows)

	for _, parameters := range [][]string{nil, {"sort", "latest_completed_at"}, {"page[size]", "7"}} {
		found, pages := account.walk(t, invocationsOf(id), parameters...)
		assert.Len(t, found, rows)
		assert.Greater(t, pages, 2)
		distinct := map[string]bool{}
		for _, row := range found {
			distinct[row] = true
		}
		assert.Len(t, distinct, rows)
	}
	first := account.page(t, invocationsOf(id))
	assert.Empty(t, first.Meta.BeforeCursor)
	assert.NotContains(t, first.Links["next"], "filter")
	second := account.page(t, invocationsOf(id), "page[after]", first.Meta.AfterCursor)
	assert.NotEmpty(t, second.Meta.BeforeCursor)
	assert.Contains(t, second.Links["prev"], "page[before]=")
	decoded, err := base64.StdEncoding.DecodeString(first.Meta.AfterCursor)
	require.NoError(t, err)
	assert.Regexp(t, `^[0-9A-Z]{26},desc$`, string(decoded))
	account.ForgetInvocations()
	assert.Empty(t, account.page(t, invocationsOf(id)).Invocations)
}

func TestPagingFaults(t *testing.T) {
	account := start(t, Settings{WebhookLimit: NoLimit})
	id := account.AddWebhook(Webhook{Name: "hook"})
	account.AddTraffic(id, 10, now, time.Second)
	account.OverlapPages(2)
	found, pages := account.walk(t, invocationsOf(id), "page[size]", "4")
	assert.Equal(t, 2, pages)
	assert.Len(t, found, 12)
	assert.Equal(t, found[4:6], found[6:8])
	account.OverlapPages(0)

	account.EndlessPages(true)
	found, pages = account.walk(t, invocationsOf(id), "page[size]", "4")
	assert.Equal(t, 50, pages)
	assert.Equal(t, found[:10], found[10:20])
	account.EndlessPages(false)

	account.LinkTo("http://127.0.0.1:1")
	assert.True(t, strings.HasPrefix(account.page(t, invocationsOf(id), "page[size]", "4").Links["next"], "http://127.0.0.1:1/api/v2/webhooks/"))
}

func TestAttempts(t *testing.T) {
	account := start(t, Settings{WebhookLimit: NoLimit})
	id := account.AddWebhook(Webhook{Name: "hook"})
	account.AddTraffic(id, 100, now, time.Second)
	failures := 0
	for _, row := range account.page(t, invocationsOf(id)).Invocations {
		attempts := account.page(t, invocationsOf(id)+"/"+row["id"].(string)+"/attempts").Attempts
		if row["status"] == "success" {
			assert.Empty(t, attempts)
			continue
		}
		failures++
		if row["status"] != "terminated" {
			continue
		}
		require.Len(t, attempts, 2)
		assert.Equal(t, id, attempts[0]["id"])
		assert.Equal(t, row["id"], attempts[0]["invocation_id"])
		assert.Equal(t, map[string]any{"payload": "forbidden", "headers": []any{map[string]any{"key": "Server", "value": "envoy"}}}, attempts[0]["response"])
		assert.Contains(t, fmt.Sprint(attempts[0]["request"]), "[SCRUBBED]")
		assert.NotContains(t, attempts[1], "request")
		assert.NotContains(t, attempts[1], "response")
	}
	assert.Equal(t, 6, failures)
	assert.Equal(t, http.StatusNotFound, account.get(t, invocationsOf(id)+"/unknown/attempts").status)
}

func TestAWebhookThatIsRefused(t *testing.T) {
	account := start(t, Settings{})
	id, other := account.AddWebhook(Webhook{Name: "hook"}), account.AddWebhook(Webhook{Name: "other"})
	for _, status := range []int{http.StatusForbidden, http.StatusNotFound, http.StatusInternalServerError} {
		account.RefuseWebhook(id, status)
		assert.Equal(t, status, account.get(t, invocationsOf(id)).status)
		assert.Equal(t, status, account.get(t, invocationsOf(id)+"/x/attempts").status)
		assert.Equal(t, http.StatusOK, account.get(t, invocationsOf(other)).status)
	}
	account.RefuseWebhook(id, 0)
	assert.Equal(t, http.StatusOK, account.get(t, invocationsOf(id)).status)
	assert.Equal(t, http.StatusNotFound, account.get(t, invocationsOf("unknown")).status)
}
