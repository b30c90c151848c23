// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package rulestest

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/models"
	"github.com/grafana/loki/v3/pkg/logql/syntax"
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mostImportant are the alerts that there are without Prometheus too.
var mostImportant = []string{"IntegrationErrorBurst", "IntegrationErrorRatioFast", "IntegrationErrorRatioSlow", "IntegrationSilent"}

func TestEachFormHasTheSameAlerts(t *testing.T) {
	prometheus := prometheusRules(t)
	assert.ElementsMatch(t, mostImportant, slices.Collect(maps.Keys(lokiRules(t))))
	for _, source := range []string{"prometheus", "loki"} {
		assert.ElementsMatch(t, mostImportant, slices.Collect(maps.Keys(grafanaRules(t, source))), source)
	}
	for name, rule := range lokiRules(t) {
		want := prometheus[name]
		assert.Equal(t, want.For, rule.For, name)
		assert.Equal(t, want.KeepFiringFor, rule.KeepFiringFor, name)
		assert.Equal(t, severityOnRecords(name, want.Labels["severity"]), rule.Labels["severity"], name)
		assert.Equal(t, rule.Labels["severity"], grafanaRules(t, "loki")[name].Labels["severity"], name)
		assert.Equal(t, want.Labels["severity"], grafanaRules(t, "prometheus")[name].Labels["severity"], name)
		assert.Equal(t, want.Annotations["summary"], rule.Annotations["summary"], name)
	}
}

// severityOnRecords returns what the severity of an alert is without Prometheus. From records a silence cannot be told
// apart from a product that was switched off: nobody has to get up for that.
func severityOnRecords(alert, severity string) string {
	if alert == "IntegrationSilent" {
		return "warning"
	}
	return severity
}

// The threshold is what stands behind the value in one form, and in a field of its own in the other.
func TestEachFormHasTheSameThreshold(t *testing.T) {
	prometheus, loki := prometheusRules(t), lokiRules(t)
	for _, source := range []string{"prometheus", "loki"} {
		for name, rule := range grafanaRules(t, source) {
			threshold := thresholdOf(t, rule)
			want := prometheus[name].Expr
			if source == "loki" {
				want = loki[name].Expr
			}
			assert.Regexp(t, `\) > `+strconv.FormatFloat(threshold, 'f', -1, 64)+`(\n|$)`, want, name)
		}
	}
	// A silence is counted in other units without Prometheus: docs/alerts.md says why.
	for _, name := range mostImportant {
		if name != "IntegrationSilent" {
			assert.InDelta(t, thresholdOf(t, grafanaRules(t, "prometheus")[name]), thresholdOf(t, grafanaRules(t, "loki")[name]), 0, name)
		}
	}
}

func thresholdOf(t *testing.T, rule *models.AlertRuleExport) float64 {
	t.Helper()
	last := rule.Data[len(rule.Data)-1].Model.(map[string]any)
	require.Equal(t, "threshold", last["type"])
	conditions := last["conditions"].([]any)
	require.Len(t, conditions, 1)
	evaluator := conditions[0].(map[string]any)["evaluator"].(map[string]any)
	require.Equal(t, "gt", evaluator["type"])
	return evaluator["params"].([]any)[0].(float64)
}

func TestGrafanaRules(t *testing.T) {
	uids := map[string]bool{}
	for _, source := range []string{"prometheus", "loki"} {
		file := grafanaFile(t, source+"/rules.yaml")
		require.NoError(t, file.Validate(strfmt.Default))
		for _, group := range file.Groups {
			_, err := model.ParseDuration(group.Interval)
			require.NoError(t, err)
		}
		for title, rule := range grafanaRules(t, source) {
			assert.LessOrEqual(t, len(rule.UID), 40, "Grafana's limit")
			assert.False(t, uids[source+rule.UID])
			uids[source+rule.UID] = true
			assert.Equal(t, "OK", rule.NoDataState, "no series is no trouble")
			assert.Equal(t, "Error", rule.ExecErrState, title)
			assert.Equal(t, "C", rule.Condition)
			require.Len(t, rule.Data, 3)
			assert.Equal(t, source, rule.Data[0].DatasourceUID)
			query := rule.Data[0].Model.(map[string]any)
			assert.NotContains(t, query["expr"], "product:integration_", "nobody records for Grafana")
			assert.NotContains(t, query["expr"], "ALERTS", "Grafana writes down no alerts")
			if source == "loki" {
				_, err := syntax.ParseExpr(query["expr"].(string))
				require.NoError(t, err, title)
				assert.Equal(t, "instant", query["queryType"])
			} else {
				_, err := parser.NewParser(parser.Options{}).ParseExpr(query["expr"].(string))
				require.NoError(t, err, title)
				assert.Equal(t, true, query["instant"])
			}
			reduce := rule.Data[1].Model.(map[string]any)
			assert.Equal(t, []any{"reduce", "A"}, []any{reduce["type"], reduce["expression"]})
			for _, text := range rule.Annotations {
				assert.NotContains(t, text, "$value ", "in Grafana it describes all values")
				assert.NotContains(t, text, "$$", "it is not expanded in annotations")
			}
		}
	}
}

func TestGrafanaRoutesToContactPointsThatAreThere(t *testing.T) {
	points, policies := grafanaFile(t, "contact-points.yaml"), grafanaFile(t, "policies.yaml")
	require.NoError(t, points.Validate(strfmt.Default))
	require.NoError(t, policies.Validate(strfmt.Default))
	var names []string
	for _, point := range points.ContactPoints {
		names = append(names, point.Name)
		require.Len(t, point.Receivers, 1)
	}
	require.Len(t, policies.Policies, 1)
	root := policies.Policies[0]
	assert.Contains(t, names, root.Receiver)
	require.Len(t, root.Routes, 1)
	assert.Contains(t, names, root.Routes[0].Receiver)
	assert.Equal(t, models.ObjectMatchers{{"alertname", "=~", "DatasourceError|DatasourceNoData"}}, root.Routes[0].ObjectMatchers)
}

func TestAlertmanagerRoutes(t *testing.T) {
	file, err := config.LoadFile(repository + "/config/alertmanager/alertmanager.yaml")
	require.NoError(t, err)
	require.Len(t, file.Route.Routes, 1)
	operators := file.Route.Routes[0].Matchers
	for name := range prometheusRules(t) {
		matches := true
		for _, matcher := range operators {
			matches = matches && matcher.Matches(name)
		}
		assert.Equal(t, !strings.HasPrefix(name, "Integration") || strings.HasPrefix(name, "IntegrationLog"), matches, name)
	}
}

func TestEachAlertHasItsRunbook(t *testing.T) {
	alerts := prometheusRules(t)
	assert.ElementsMatch(t, slices.Collect(maps.Keys(alerts)), pages(t))
	overview, err := os.ReadFile(repository + "/docs/alerts.md")
	require.NoError(t, err)
	for name, rule := range alerts {
		assert.Equal(t, "https://github.com/integrationlog/integrationlog/blob/main/docs/runbooks/"+name+".md", rule.Annotations["runbook_url"])
		assert.NotEmpty(t, rule.Annotations["summary"], name)
		if name != "IntegrationLogDown" { // there is nothing to count
			assert.Contains(t, rule.Annotations["description"], "$value", name)
		}
		assert.Contains(t, []string{"critical", "warning"}, rule.Labels["severity"], name)
		assert.Contains(t, string(overview), "(runbooks/"+name+".md)", "docs/alerts.md lists each alert")
		if strings.HasPrefix(name, "Integration") && !strings.HasPrefix(name, "IntegrationLog") {
			assert.Contains(t, rule.Annotations["description"], "$labels.product", name)
		}
	}
}
