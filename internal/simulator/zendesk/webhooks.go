// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// listWebhooks answers GET /api/v2/webhooks.
func (a *Account) listWebhooks(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	a.mu.Lock()
	webhooks := slices.Clone(a.state.webhooks)
	a.mu.Unlock()
	webhooks = slices.DeleteFunc(webhooks, func(webhook Webhook) bool {
		status := query.Get("filter[status]")
		return status != "" && webhook.Status != status || !strings.Contains(webhook.Name, query.Get("filter[name_contains]"))
	})
	p, ok := pageOf(a, w, r, webhooks, false, func(webhook Webhook) string { return webhook.ID })
	if ok {
		endpoint.JSON(w, http.StatusOK, p.describe(a, r.URL.Path, map[string]any{"webhooks": list(p.rows)}))
	}
}

// RefuseWebhook answers what is asked about one webhook with a status: 403 for one that
// the user may not see, 404 for one that was deleted; 0 for as usual.
func (a *Account) RefuseWebhook(id string, status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refused[id] = status
}

// admitted answers requests about a webhook that is not there or not to be seen.
func (a *Account) admitted(w http.ResponseWriter, id string) bool {
	a.mu.Lock()
	status := a.refused[id]
	known := slices.ContainsFunc(a.state.webhooks, func(webhook Webhook) bool { return webhook.ID == id })
	a.mu.Unlock()
	switch {
	case status == http.StatusForbidden:
		forbidden(w)
	case status == http.StatusNotFound, status == 0 && !known:
		webhookError(w, http.StatusNotFound, "WebhookNotFound", "Webhook not found")
	case status != 0:
		webhookError(w, status, "WebhookError", http.StatusText(status))
	default:
		return true
	}
	return false
}

// listInvocations answers GET /api/v2/webhooks/{id}/invocations.
func (a *Account) listInvocations(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !a.admitted(w, id) {
		return
	}
	query := r.URL.Query()
	from, to, ok := period(query.Get("filter[from_ts]"), query.Get("filter[to_ts]"))
	if !ok {
		webhookError(w, http.StatusBadRequest, "InvalidFilter", "A time is not ISO 8601")
		return
	}
	descending := true
	switch query.Get("sort") {
	case "", "-latest_completed_at":
	case "latest_completed_at":
		descending = false
	default:
		webhookError(w, http.StatusBadRequest, "InvalidSort", "sort is invalid")
		return
	}
	if oldest := a.settings.Now().Add(-retention); from.Before(oldest) {
		from = oldest
	}
	rows := slices.DeleteFunc(a.sortedInvocations(id, descending), func(row row) bool {
		status := query.Get("filter[status]")
		at := row.CompletedAt.Truncate(time.Second)
		return status != "" && row.Status != status || at.Before(from) || !to.IsZero() && at.After(to)
	})
	p, ok := pageOf(a, w, r, rows, descending, func(row row) string { return row.key })
	if !ok {
		return
	}
	invocations := make([]map[string]any, len(p.rows))
	for i, row := range p.rows {
		invocations[i] = withCode(map[string]any{"id": row.ID, "status": row.Status, "latest_completed_at": second(row.CompletedAt)}, row.StatusCode)
	}
	endpoint.JSON(w, http.StatusOK, p.describe(a, r.URL.Path, map[string]any{"invocations": invocations}))
}

func (a *Account) sortedInvocations(id string, descending bool) []row {
	a.mu.Lock()
	defer a.mu.Unlock()
	rows := slices.Clone(a.state.invocations[id])
	slices.SortStableFunc(rows, func(x, y row) int {
		order := cmp.Or(x.CompletedAt.Truncate(time.Second).Compare(y.CompletedAt.Truncate(time.Second)), cmp.Compare(x.key, y.key))
		if descending {
			return -order
		}
		return order
	})
	return rows
}

// period reads the two filters of time; both may be missing.
func period(fromText, toText string) (from, to time.Time, ok bool) {
	var err error
	if fromText != "" {
		if from, err = time.Parse(time.RFC3339, fromText); err != nil {
			return from, to, false
		}
	}
	if toText != "" {
		if to, err = time.Parse(time.RFC3339, toText); err != nil {
			return from, to, false
		}
	}
	return from, to, true
}

// second is a time as it is shown: seconds only.
func second(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

func withCode(answer map[string]any, code int) map[string]any {
	if code != 0 {
		answer["status_code"] = code
	}
	return answer
}

// list makes an empty list of none.
func list[T any](rows []T) []T {
	if rows == nil {
		return []T{}
	}
	return rows
}
