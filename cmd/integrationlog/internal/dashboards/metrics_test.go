// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// absent are metrics of the collector that appear only once they count something, and
// counted nothing here.
var absent = []string{
	"otelcol_exporter_send_failed_log_records",    // go.opentelemetry.io/collector/exporter/exporterhelper
	"otelcol_exporter_enqueue_failed_log_records", // the same
}

// Each metric that a panel asks for exists: it was scraped, or one of the components
// declares it.
func testMetricNames(t *testing.T, w *world) {
	t.Helper()
	scraped, err := w.prometheus.LabelValues(t.Context(), "__name__", `{__name__!=""}`, w.last(24*time.Hour))
	require.NoError(t, err)
	declared := telemetry(t)
	asked := 0
	for _, path := range dashboardPaths(t) {
		v := w.open(t, path, w.last(time.Hour))
		for _, panel := range v.All() {
			for i := range panel.Targets {
				if panel.Targets[i].Datasource.Type != "prometheus" {
					continue
				}
				query, err := v.scope.PrometheusQuery(panel, &panel.Targets[i])
				require.NoError(t, err)
				for _, name := range metricsOf(t, query.Expr) {
					asked++
					known := strings.HasPrefix(name, "ALERTS") || slices.Contains(scraped, name) || slices.Contains(absent, name) ||
						strings.Contains(declared, "\n    "+strings.TrimPrefix(name, "otelcol_")+":\n")
					assert.True(t, known, "%s: nobody has a metric %s", panel.Title, name)
				}
			}
		}
	}
	assert.Greater(t, asked, 40)
}

func metricsOf(t *testing.T, expr string) []string {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	require.NoError(t, err)
	var found []string
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		if selector, ok := node.(*parser.VectorSelector); ok {
			found = append(found, selector.Name)
		}
		return nil
	})
	return found
}

// telemetry is what the components declare of their own metrics.
func telemetry(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"receivers/*/metadata.yaml", "processors/*/metadata.yaml", "collector-components/*/metadata.yaml", "internal/*/metadata.yaml"} {
		paths, err := filepath.Glob(filepath.Join(harness.Repository(), filepath.FromSlash(pattern)))
		require.NoError(t, err)
		for _, path := range paths {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			all.Write(text)
		}
	}
	return all.String()
}
