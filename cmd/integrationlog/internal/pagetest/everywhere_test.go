// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// The same filter gives the same activities on the page, in the API and in the Grafana
// dashboard. What the dashboard searches besides, such as ids, is left out here.
func testSameEverywhere(t *testing.T, w *world) {
	t.Helper()
	from, to := w.now.Add(-100*time.Hour), w.now.Add(-time.Hour)
	tests := []choice{
		{},
		{products: []string{"salesforce"}},
		{products: []string{"zis", "shopify"}, statuses: []string{"error", "info"}},
		{statuses: []string{"warning"}},
		{types: []string{"action_test"}},
		{integrations: []string{"Order bot"}},
		{accounts: []string{shop}},
		{search: "COULD not"},
		{search: `<script>window.hostile = 1; alert("script")</script>`},
		{search: "{{.}} {{define"},
		{objectType: "ticket", objectID: "40007"},
		{products: []string{"zis"}, statuses: []string{"error"}, types: []string{"flow_run"}, integrations: []string{"acme_erp"}, accounts: []string{subdomain}, search: "large"},
	}
	v := w.open(t, browser.Visitor{}, "/", nil)
	for _, of := range tests {
		of.start, of.end = from, to
		query := of.query()
		want := w.log.chosen(of)
		require.NotEmpty(t, want, "%v", query)
		require.LessOrEqual(t, len(want), perPage, "%v", query)

		assert.ElementsMatch(t, want.ids(), idsOf(w.walk(t, query, 100)), "API with %v", query)
		assert.ElementsMatch(t, want.ids(), w.onDashboard(t, of), "dashboard with %v", query)
		query.Set("limit", "250")
		v.Go(w.address("/", query))
		v.shows(want, perPage)
	}
}

// onDashboard returns the ids of what the dashboard's list shows.
func (w *world) onDashboard(t *testing.T, of choice) []string {
	t.Helper()
	dashboard, err := grafana.Read(filepath.Join(harness.Repository(), "dashboards", "integration-log.json"))
	require.NoError(t, err)
	scope := grafana.Scope{Range: grafana.Range{From: of.start, To: of.end}}
	scope.Variables, err = grafana.NewVariables(dashboard.Templating.List)
	require.NoError(t, err)
	object := of.objectID
	if of.objectType != "" {
		object = of.objectType + "/" + object
	}
	for name, values := range map[string][]string{
		"product": of.products, "status": of.statuses, "activity_type": of.types, "integration_name": of.integrations, "integration_account": of.accounts,
		"search": {of.search}, "activity_object": {object},
	} {
		if len(values) == 0 || values[0] == "" {
			continue
		}
		scope.Variables, err = scope.Variables.With(name, values...)
		require.NoError(t, err)
	}
	for _, panel := range dashboard.All() {
		if panel.Type != "logs" || panel.Title != "Activities" {
			continue
		}
		query, err := scope.LokiQuery(panel, &panel.Targets[0])
		require.NoError(t, err)
		result, err := source.Loki{URL: w.all.Loki.URL}.Query(t.Context(), query)
		require.NoError(t, err)
		ids := make([]string, len(result.Entries))
		for i, entry := range result.Entries {
			ids[i] = entry.Labels["activity_id"]
		}
		return ids
	}
	require.FailNow(t, "the dashboard has no list of activities")
	return nil
}
