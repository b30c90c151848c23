// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// labelValues is a query of a variable of Prometheus: label_values(selector, label).
var labelValues = regexp.MustCompile(`^label_values\((?:(.+),\s*)?(.+)\)\s*$`)

// options asks for what a variable offers, as its data source does.
func (v *view) options(t *testing.T, variable *grafana.Variable) []string {
	t.Helper()
	require.Equal(t, 2, variable.Refresh, "%s is asked for again when the time range changes", variable.Name)
	require.Empty(t, variable.Regex, "%s: nobody has taught this test what that does", variable.Name)
	uid, err := v.scope.Interpolate(variable.Datasource.UID, grafana.Glob)
	require.NoError(t, err)
	var query struct {
		Type   int    `json:"type"`
		Label  string `json:"label"`
		Stream string `json:"stream"`
		Query  string `json:"query"`
	}
	require.NoError(t, json.Unmarshal(variable.Query, &query))
	switch (grafana.Source{Type: variable.Datasource.Type, UID: uid}) {
	case lokiSource:
		require.Equal(t, 1, query.Type, "%s: values of a label", variable.Name)
		selector, err := v.scope.Interpolate(query.Stream, grafana.Loki)
		require.NoError(t, err)
		values, err := v.loki.LabelValues(t.Context(), query.Label, selector, v.scope.Range)
		require.NoError(t, err)
		return values
	case prometheusSource:
		text, err := v.scope.Interpolate(query.Query, grafana.Prometheus)
		require.NoError(t, err)
		parts := labelValues.FindStringSubmatch(text)
		require.NotNil(t, parts, "%s: %s", variable.Name, text)
		values, err := v.prometheus.LabelValues(t.Context(), parts[2], parts[1], v.scope.Range)
		require.NoError(t, err)
		return values
	default:
		require.Fail(t, "an unknown data source", "%s: %s %s", variable.Name, variable.Datasource.Type, uid)
		return nil
	}
}

// logPath is the file of the dashboard that is the log.
func logPath() string {
	return filepath.Join(harness.Repository(), "dashboards", "integration-log.json")
}

// The list of products has just those with errors. Loki answers from all that it has in
// memory, and from whole files of its index, which it writes every quarter of an hour, one
// for each day: so a product whose last error was before the range may be listed, and none
// with an error in the range is missing.
func testListOfProducts(t *testing.T, w *world) {
	t.Helper()
	v := w.open(t, logPath(), w.last(24*time.Hour))
	product := v.scope.Variables.Get("product")
	assert.Equal(t, []string{grafana.All}, product.Values, "nothing is chosen at first")
	assert.Equal(t, w.withErrors(v.scope.Range), product.Options)
	assert.NotContains(t, product.Options, "shopify")
	assert.NotContains(t, product.Options, "actions")

	hour := w.open(t, logPath(), w.last(time.Hour))
	assert.NotContains(t, w.withErrors(hour.scope.Range), "salesforce")
	listed := slices.DeleteFunc(slices.Clone(hour.scope.Variables.Get("product").Options), func(name string) bool {
		return name == "salesforce" // its error of nine hours ago is outside of the range
	})
	assert.Equal(t, w.withErrors(hour.scope.Range), listed)

	// Where Loki knows of none there is All, and it shows everything.
	none, err := w.loki.LabelValues(t.Context(), "product", `{service_namespace="integrations",status="error",product="shopify"}`, v.scope.Range)
	require.NoError(t, err)
	assert.Empty(t, none)
	v.scope.Variables, err = v.scope.Variables.WithOptions("product", none...)
	require.NoError(t, err)
	assert.Len(t, v.run(t, v.panel(t, "logs Activities")).results["A"].Entries, len(w.entries))
}

// withErrors returns the products that had errors in a time range.
func (w *world) withErrors(r grafana.Range) []string {
	found := map[string]bool{}
	for _, entry := range w.entries {
		if entry.Labels["status"] == "error" && !entry.Time.Before(r.From) && entry.Time.Before(r.To) {
			found[entry.Labels["product"]] = true
		}
	}
	return names(found)
}
