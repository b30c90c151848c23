// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// zis runs the shipped bundle as ZIS would, beside an installation that it posts to.
type zis struct {
	bundle  []byte
	options zissim.Options
}

func newZIS(t *testing.T, all *harness.Installation, token string) *zis {
	t.Helper()
	outside := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(outside.Close)
	bundle, err := os.ReadFile(filepath.Join(harness.Repository(), "config", "zendesk", "zis-bundle.json"))
	require.NoError(t, err)
	// as the guide says
	text := strings.NewReplacer("LOG_HOST", "log.example.com", "INTEGRATION_KEY", "acme_example").Replace(string(bundle))
	return &zis{bundle: []byte(text), options: zissim.Options{
		Client: &http.Client{Timeout: 10 * time.Second},
		Endpoints: map[string]string{
			"https://log.example.com": strings.TrimSuffix(all.PushURL(activity.ZIS), "/zis"), "https://example.com": outside.URL,
		},
		Connections: map[string]string{"integration_log": "Bearer " + token},
	}}
}

// run runs the flow for a ticket of a priority; reference tells the event from others.
func (z *zis) run(t *testing.T, priority, reference string, at time.Time) zissim.Result {
	t.Helper()
	result, err := zissim.Run(t.Context(), z.bundle, "example_flow", map[string]any{
		"account_id": 12345, "integration_key": "acme_example", "subdomain": "acme",
		"input": map[string]any{"ticket_event": map[string]any{
			"meta": map[string]any{"occurred_at": at.UTC().Format(time.RFC3339), "ref": reference},
			"type": "Ticket Created", "ticket": map[string]any{"id": 35436, "priority": priority, "subject": "ada@canary.example has lost it"},
		}},
	}, z.options)
	require.NoError(t, err)
	return result
}

// The shipped bundle tells the real binary how each of its flows ended, once for each
// event, however often ZIS runs it.
func TestZISBundle(t *testing.T) {
	all := install(t)
	all.Run(t)
	flows := newZIS(t, all, all.Env["ZIS_TOKEN"])
	at := time.Now().Add(-time.Minute).Truncate(time.Second)
	for range 2 {
		assert.True(t, flows.run(t, "normal", "18-1", at).Succeeded)
		assert.False(t, flows.run(t, "low", "18-2", at).Succeeded)
		failed := flows.run(t, "urgent", "18-3", at)
		assert.False(t, failed.Succeeded)
		assert.False(t, failed.RunAgain)
	}
	all.AwaitEmptyQueue(t, 30*time.Second)

	lines := map[string]harness.Entry{}
	for _, entry := range awaitEntries(t, all.Loki, `{product="zis"}`, 3) {
		assert.Equal(t, at.UnixNano(), entry.Time.UnixNano(), "the event's own time")
		assert.Equal(t, "acme_example", entry.Labels["integration_name"])
		assert.Equal(t, "acme", entry.Labels["integration_account"])
		assert.Equal(t, "flow_run", entry.Labels["activity_type"])
		assert.Equal(t, "35436", entry.Labels["activity_object_id"])
		lines[entry.Line] = entry
	}
	fine := lines[`Flow "example_flow", state "NothingToDo": Execution Successful`]
	assert.Equal(t, "info", fine.Labels["status"], lines)
	refused := lines[`Flow "example_flow", state "Refused": Tickets of the priority low are not taken`]
	assert.Equal(t, "error", refused.Labels["status"], lines)
	assert.Equal(t, "priority_refused", refused.Labels["error_code"])
	failed := lines[`Flow "example_flow", state "CallOut": external action failed due to status code: 404 (Not Found)`]
	assert.Equal(t, "error", failed.Labels["status"], lines)
	assert.Equal(t, "404", failed.Labels["http_response_status_code"])
	assert.Equal(t, "not_found", failed.Labels["error_type"])
}

// A log that does not take the entry changes nothing for the flow, and never makes ZIS
// run it again.
func TestZISFlowOutlivesItsLog(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	stranger := newZIS(t, all, "guessed")
	assert.True(t, stranger.run(t, "normal", "18-1", time.Now()).Succeeded, "the log does not know the token")

	flows := newZIS(t, all, all.Env["ZIS_TOKEN"])
	process.Stop(t)
	assert.True(t, flows.run(t, "normal", "18-2", time.Now()).Succeeded, "there is no log")

	all.Configure("receivers::zis::min_free_disk::mib: 1000000000")
	all.Run(t)
	answer, err := all.Push(t.Context(), activity.ZIS, all.Env["ZIS_TOKEN"], harness.PushedBody(activity.ZIS, "1", time.Now()))
	require.NoError(t, err)
	assert.Equal(t, http.StatusFailedDependency, answer.Code)
	assert.Empty(t, answer.RetryAfter)
	taken := flows.run(t, "normal", "18-3", time.Now())
	assert.True(t, taken.Succeeded, "the log takes nothing for now")
	refused := flows.run(t, "low", "18-4", time.Now())
	assert.Equal(t, "priority_refused", refused.Error, "a Fail state is still the same one")
	assert.False(t, refused.RunAgain)
}
