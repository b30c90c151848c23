// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// shown is what programs get of an activity.
type shown struct {
	Time        time.Time `json:"time"`
	Product     string    `json:"product"`
	Status      string    `json:"status"`
	Description string    `json:"description"`
	ID          string    `json:"id"`
}

// open opens the page or its API, for as long as ctx lasts.
func open(ctx context.Context, all *harness.Installation, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://localhost:%d%s", all.Ports.Page, path), http.NoBody)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(request)
}

// ask returns what the page or its API answers.
func ask(ctx context.Context, all *harness.Installation, path string) (status int, body string, err error) {
	response, err := open(ctx, all, path)
	if err != nil {
		return 0, "", err
	}
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), errors.Join(err, response.Body.Close())
}

// read asks for what has to be there.
func read(t *testing.T, all *harness.Installation, path string) string {
	t.Helper()
	status, body, err := ask(t.Context(), all, path)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, body)
	return body
}

// A webhook is on the page, in the API and in both exports, and the same everywhere. What is
// open at the end holds nothing up.
func TestWhatIsStoredIsShown(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	assert.Len(t, process.Stdout.Lines("Log page ", fmt.Sprintf("  on   http://localhost:%d", all.Ports.Page)), 1)
	happened := time.Now().Add(-time.Minute).Truncate(time.Second)
	require.NoError(t, sendOne(t.Context(), all.Shop, order("shown", happened)))
	awaitEntries(t, all.Loki, everything, 1)

	var page struct {
		Activities []shown `json:"activities"`
	}
	require.NoError(t, json.Unmarshal([]byte(read(t, all, "/api/v1/activities?product=shopify&last=1h")), &page))
	require.Len(t, page.Activities, 1)
	activity := page.Activities[0]
	assert.True(t, happened.Equal(activity.Time), activity.Time)
	assert.Equal(t, "shopify", activity.Product)
	assert.NotEmpty(t, activity.ID)
	require.NotEmpty(t, activity.Description)

	assert.Contains(t, html.UnescapeString(read(t, all, "/")), activity.Description)
	assert.NotContains(t, html.UnescapeString(read(t, all, "/?product=zis&products=all")), activity.Description)

	var line shown
	require.NoError(t, json.Unmarshal([]byte(read(t, all, "/api/v1/export?format=jsonl")), &line))
	assert.Equal(t, activity, line)
	table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, all, "/api/v1/export?format=csv"), "\uFEFF"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, table, 2)
	assert.Equal(t, []string{activity.Time.Format(time.RFC3339Nano), "shopify", activity.Status, activity.Description}, table[1][:4])

	sources := read(t, all, "/sources")
	assert.Contains(t, sources, "Shopify")
	assert.Contains(t, sources, "ZENDESK_CLIENT_ID", "what would switch the webhooks on")

	tail, err := open(t.Context(), all, "/tail/events")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, tail.StatusCode)
	assert.Less(t, process.Stop(t), 20*time.Second, "a live tail holds nothing up")
	require.NoError(t, tail.Body.Close())
}

// Other machines can reach it only with a login.
func TestThePageIsForThisMachineOnly(t *testing.T) {
	all := install(t)
	all.Env["INTEGRATIONLOG_PAGE_HOST"] = "0.0.0.0"
	process := all.Start(t)
	process.Wait(t)
	assert.NotZero(t, process.ExitCode())
	assert.Contains(t, process.Stderr.String(), "can be reached by other machines")
	assert.Contains(t, process.Stderr.String(), "set auth to an authenticator")
}

// Without its Loki the page says so, and keeps the filter.
func TestThePageWithoutLoki(t *testing.T) {
	all := install(t)
	all.Configure(fmt.Sprintf("extensions::log_page::loki::endpoint: http://127.0.0.1:%d", harness.FreePort(t)))
	process, _ := all.Run(t)
	for _, path := range []string{"/?q=what+I+looked+for", "/api/v1/activities", "/api/v1/export?format=csv"} {
		status, body, err := ask(t.Context(), all, path)
		require.NoError(t, err)
		assert.Equal(t, http.StatusServiceUnavailable, status, path)
		assert.Contains(t, body, "Loki", path)
		if strings.Contains(path, "looked") {
			assert.Contains(t, body, "what I looked for")
		}
	}
	process.Stop(t)
}
