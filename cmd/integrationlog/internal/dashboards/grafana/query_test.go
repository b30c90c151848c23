// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var end = time.Date(2026, 11, 27, 10, 20, 30, 0, time.UTC)

func last(length time.Duration) Range { return Range{end.Add(-length), end} }

func TestLokiQuery(t *testing.T) {
	dashboard, err := Read("testdata/dashboard.json")
	require.NoError(t, err)
	variables, err := NewVariables(dashboard.Templating.List)
	require.NoError(t, err)
	panels := dashboard.All()
	require.Len(t, panels, 3, "that of a collapsed row too")
	scope := Scope{Variables: variables, Range: last(24 * time.Hour)}

	chart, list := panels[0], panels[1]
	query, err := scope.LokiQuery(chart, &chart.Targets[0])
	require.NoError(t, err)
	assert.Equal(t, Query{
		Expr:  `sum by (status) (count_over_time({service_namespace="integrations", product=~".*", status=~".*"} |= "" [5m]))`,
		Range: scope.Range, Step: 5 * time.Minute, Legend: "{{status}}",
	}, query)
	assert.Equal(t, "error", LegendOf(query.Legend, map[string]string{"status": "error"}))

	query, err = scope.LokiQuery(chart, &chart.Targets[1])
	require.NoError(t, err)
	assert.Equal(t, `sum(count_over_time({service_namespace="integrations"}[86400s]))`, query.Expr)
	assert.True(t, query.Instant)

	scope.Variables, err = variables.With("search", `say "no"`)
	require.NoError(t, err)
	scope.Variables, err = scope.Variables.With("product", "zis", "bot-builder")
	require.NoError(t, err)
	query, err = scope.LokiQuery(list, &list.Targets[0])
	require.NoError(t, err)
	assert.Equal(t, `{service_namespace="integrations", product=~"zis|bot-builder"} |= "say "no""`, query.Expr, "a quote ends the text")
	assert.Equal(t, 1000, query.Limit)
	assert.False(t, query.Forward)
}

func TestPrometheusQuery(t *testing.T) {
	for _, test := range []struct {
		length        time.Duration
		points        int
		panel, target string
		instant       bool
		expr, want    string
		step          time.Duration
	}{
		{length: time.Hour, points: 1000, expr: "rate(x[$__rate_interval])", want: "rate(x[1m0s])", step: 15 * time.Second},
		{length: 24 * time.Hour, points: 700, expr: "rate(x[$__rate_interval])", want: "rate(x[2m15s])", step: 2 * time.Minute},
		{length: 24 * time.Hour, points: 700, target: "5m", expr: "rate(x[$__rate_interval]) [$__interval]", want: "rate(x[20m0s]) [5m]", step: 5 * time.Minute},
		{length: 24 * time.Hour, points: 700, panel: "10m", expr: "rate(x[${__rate_interval}])", want: "rate(x[10m15s])", step: 10 * time.Minute},
		{length: 24 * time.Hour, points: 700, instant: true, expr: "increase(x[$__range]) / $__range_s", want: "increase(x[86400s]) / 86400", step: 2 * time.Minute},
	} {
		panel := Panel{MaxDataPoints: test.points, Interval: test.panel}
		scope := Scope{Range: last(test.length)}
		query, err := scope.PrometheusQuery(&panel, &Target{Expr: test.expr, Interval: test.target, Instant: test.instant})
		require.NoError(t, err)
		assert.Equal(t, test.want, query.Expr)
		assert.Equal(t, test.step, query.Step)
		if test.instant {
			assert.Equal(t, end, query.Range.To)
		} else {
			assert.Zero(t, query.Range.To.UnixNano()%int64(test.step))
		}
	}
}

func TestVariablesOfADashboard(t *testing.T) {
	dashboard, err := Read("testdata/dashboard.json")
	require.NoError(t, err)
	variables, err := NewVariables(dashboard.Templating.List)
	require.NoError(t, err)
	assert.Equal(t, []string{"info", "warning", "error", "debug"}, variables.Get("status").Options)
	assert.Equal(t, []string{"loki"}, variables.Get("datasource").Values)

	// What is chosen and offered stays; what is not is given up.
	chosen, err := variables.FromURL(url.Values{"var-product": {"zis", "actions"}, "from": {"now-1h"}})
	require.NoError(t, err)
	for _, test := range []struct{ options, want []string }{
		{[]string{"actions", "shopify", "zis"}, []string{"zis", "actions"}},
		{[]string{"actions", "shopify"}, []string{"actions"}},
		{[]string{"shopify"}, []string{"shopify"}},
		{nil, []string{All}},
	} {
		changed, err := chosen.WithOptions("product", test.options...)
		require.NoError(t, err)
		assert.Equal(t, test.want, changed.Get("product").Values)
	}
	opened, err := variables.WithOptions("product", "shopify")
	require.NoError(t, err)
	assert.Equal(t, []string{All}, opened.Get("product").Values)
	everything, err := chosen.FromURL(url.Values{"var-product": {"All"}})
	require.NoError(t, err)
	assert.Equal(t, []string{All}, everything.Get("product").Values)
	_, err = chosen.FromURL(url.Values{"var-nobody": {"x"}})
	require.Error(t, err)
}

func TestLinks(t *testing.T) {
	dashboard, err := Read("testdata/dashboard.json")
	require.NoError(t, err)
	variables, err := NewVariables(dashboard.Templating.List)
	require.NoError(t, err)
	panel := dashboard.All()[1]
	links, err := panel.FieldLinks()
	require.NoError(t, err)
	require.Len(t, links["Description"], 1)
	scope := Scope{Variables: variables, Range: last(time.Hour), Value: Field{Text: "It failed"}, Row: Row{
		"activity_object_id": {Text: "a&b c"}, "Time": {Text: "2026-11-27 10:00:00", Number: 1795773600000},
	}}
	address, err := scope.Interpolate(links["Description"][0].URL, URIEncoded)
	require.NoError(t, err)
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	assert.Equal(t, "/d/integration-log/list", parsed.Path)
	query := parsed.Query()
	assert.Equal(t, "a&b c", query.Get("var-object"))
	assert.Equal(t, "1795773600000", query.Get("at"))
	assert.Equal(t, "It failed", query.Get("text"))
	assert.Equal(t, "1795771230000", query.Get("from"))
	assert.Equal(t, All, query.Get("var-status"))
}
