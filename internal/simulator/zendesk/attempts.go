// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"net/http"
	"slices"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// listAttempts answers GET /api/v2/webhooks/{id}/invocations/{invocation}/attempts: the
// newest first, all on one page.
func (a *Account) listAttempts(w http.ResponseWriter, r *http.Request) {
	webhookID, invocationID := r.PathValue("id"), r.PathValue("invocation")
	if !a.admitted(w, webhookID) {
		return
	}
	a.mu.Lock()
	attempts := slices.Clone(a.state.attempts[webhookID+" "+invocationID])
	known := slices.ContainsFunc(a.state.invocations[webhookID], func(row row) bool { return row.ID == invocationID })
	a.mu.Unlock()
	if !known && len(attempts) == 0 {
		webhookError(w, http.StatusNotFound, "InvocationNotFound", "Invocation not found")
		return
	}
	slices.SortStableFunc(attempts, func(x, y Attempt) int { return y.CompletedAt.Compare(x.CompletedAt) })
	answers := make([]map[string]any, len(attempts))
	for i, attempt := range attempts {
		answers[i] = attempt.answer(webhookID)
	}
	endpoint.JSON(w, http.StatusOK, map[string]any{"attempts": answers})
}

type header struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// answer is the attempt as it is shown. Its id is the webhook's: it tells nothing.
func (t Attempt) answer(webhookID string) map[string]any {
	answer := withCode(map[string]any{
		"id": webhookID, "invocation_id": t.InvocationID, "status": t.Status, "completed_at": second(t.CompletedAt),
	}, t.StatusCode)
	if t.Request != "" {
		answer["request"] = map[string]any{"payload": t.Request, "headers": []header{
			{"X-Zendesk-Webhook-Signature-Timestamp", second(t.CompletedAt)},
			{"X-Zendesk-Webhook-Signature", "c2ltdWxhdGVk"},
			{"Authorization", "[SCRUBBED]"},
			{"Content-Type", "application/json; charset=utf-8"},
			{"User-Agent", "Zendesk Webhook"},
			{"X-Zendesk-Account-Id", "1234567"},
			{"X-Zendesk-Webhook-Id", webhookID},
			{"X-Zendesk-Webhook-Invocation-Id", t.InvocationID},
		}}
	}
	if t.StatusCode != 0 {
		answer["response"] = map[string]any{"payload": t.Response, "headers": []header{{"Server", "envoy"}}}
	}
	return answer
}
