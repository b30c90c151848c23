// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
)

// The data sources, as they are provisioned.
var (
	lokiSource       = grafana.Source{Type: "loki", UID: "loki"}
	prometheusSource = grafana.Source{Type: "prometheus", UID: "prometheus"}
)

// view is a dashboard that somebody looks at.
type view struct {
	*world
	*grafana.Dashboard

	scope grafana.Scope
}

// open opens a dashboard with what its variables offer, for a time range.
func (w *world) open(t *testing.T, path string, r grafana.Range) *view {
	t.Helper()
	dashboard, err := grafana.Read(path)
	require.NoError(t, err)
	v := &view{world: w, Dashboard: dashboard, scope: grafana.Scope{Range: r}}
	v.scope.Variables, err = grafana.NewVariables(dashboard.Templating.List)
	require.NoError(t, err)
	for _, variable := range v.scope.Variables {
		if variable.Type == "query" {
			v.scope.Variables, err = v.scope.Variables.WithOptions(variable.Name, v.options(t, variable)...)
			require.NoError(t, err)
		}
	}
	return v
}

// at is the dashboard for another time range.
func (v *view) at(r grafana.Range) *view {
	other := *v
	other.scope.Range = r
	return &other
}

// shown is what a panel shows: what each query returned, by its name, and the table that
// becomes of it.
type shown struct {
	t       *testing.T
	v       *view
	panel   *grafana.Panel
	results map[string]source.Result
	queries map[string]grafana.Query
	table   *grafana.Table
}

// run runs the queries of a panel.
func (v *view) run(t *testing.T, panel *grafana.Panel) *shown {
	t.Helper()
	require.Empty(t, panel.TimeFrom+panel.TimeShift+panel.Repeat, "%s: nobody has taught this test what that does", panel.Title)
	s := &shown{t: t, v: v, panel: panel, results: map[string]source.Result{}, queries: map[string]grafana.Query{}}
	var frames [][]grafana.Row
	for i := range panel.Targets {
		target := &panel.Targets[i]
		uid, err := v.scope.Interpolate(target.Datasource.UID, grafana.Glob)
		require.NoError(t, err)
		query, ask := grafana.Query{}, v.loki.Query
		switch (grafana.Source{Type: target.Datasource.Type, UID: uid}) {
		case lokiSource:
			query, err = v.scope.LokiQuery(panel, target)
		case prometheusSource:
			query, err = v.scope.PrometheusQuery(panel, target)
			ask = v.prometheus.Query
		default:
			require.Fail(t, "an unknown data source", "%s: %s %s", panel.Title, target.Datasource.Type, uid)
		}
		require.NoError(t, err, panel.Title)
		result, err := ask(t.Context(), query)
		require.NoError(t, err, "%s, query %s", panel.Title, target.RefID)
		s.results[target.RefID], s.queries[target.RefID] = result, query
		frames = append(frames, rows(result, panel, target))
	}
	table, err := panel.Transform(frames)
	require.NoError(t, err)
	s.table = table
	return s
}

// rows returns what a query returned as the rows of a table.
func rows(result source.Result, panel *grafana.Panel, target *grafana.Target) []grafana.Row {
	value := "Value #" + target.RefID
	if target.Datasource.Type == "prometheus" && len(panel.Targets) == 1 {
		value = "Value"
	}
	all := make([]grafana.Row, 0, len(result.Entries)+len(result.Series))
	for i, entry := range result.Entries {
		row := grafana.Row{"Time": timeField(entry.Time), "Line": {Text: entry.Line}, "id": {Text: fmt.Sprint(i)}}
		for name, text := range entry.Labels {
			row[name] = grafana.Field{Text: text}
		}
		all = append(all, row)
	}
	columns := map[string]bool{} // a label that a series lacks is an empty column of its row
	for _, series := range result.Series {
		for name := range series.Labels {
			columns[name] = true
		}
	}
	for _, series := range result.Series {
		last := series.Points[len(series.Points)-1]
		row := grafana.Row{"Time": timeField(last.Time), value: {Text: fmt.Sprint(last.Value), Number: last.Value}}
		for name := range columns {
			row[name] = grafana.Field{Text: series.Labels[name]}
		}
		all = append(all, row)
	}
	return all
}

func timeField(at time.Time) grafana.Field {
	return grafana.Field{Text: at.Format(time.DateTime), Number: float64(at.UnixMilli())}
}

// choose is the dashboard with other values of a variable.
func (v *view) choose(t *testing.T, name string, values ...string) *view {
	t.Helper()
	variables, err := v.scope.Variables.With(name, values...)
	require.NoError(t, err)
	other := *v
	other.scope.Variables = variables
	return &other
}

// panel returns the panel of a type and a title.
func (v *view) panel(t *testing.T, name string) *grafana.Panel {
	t.Helper()
	for _, panel := range v.All() {
		if panel.Type+" "+panel.Title == name {
			return panel
		}
	}
	require.Fail(t, "no panel "+name)
	return nil
}
