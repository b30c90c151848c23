// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
)

// expectation is what a panel has to show of what was sent.
type expectation struct {
	// emptyBecause is why one of its queries returns nothing here.
	emptyBecause string
	// returns requires what the panel's description says.
	returns func(s *shown)
}

// expectations are those of all panels, by the dashboard's uid and the panel's type and
// title.
var expectations = map[string]map[string]expectation{
	"integration-log":           ofLog,
	"integration-health":        ofHealth,
	"integration-log-collector": ofCollector,
}

// products are all that send; onlyErrors those of them of which nothing but failures is
// known.
var (
	products   = []string{"actions", "bot-builder", "salesforce", "shopify", "sunshine-conversations", "webhooks", "zis"}
	onlyErrors = []string{"sunshine-conversations"}
	withRatio  = slices.DeleteFunc(slices.Clone(products), func(p string) bool { return slices.Contains(onlyErrors, p) })
)

// tally counts entries by the values of some of their labels.
func tally(entries []source.Entry, labels ...string) map[string]int {
	counted := map[string]int{}
	for _, entry := range entries {
		name := ""
		for _, label := range labels {
			name += "/" + entry.Labels[label]
		}
		counted[name]++
	}
	return counted
}

// sums adds up each series of a query, by the name that the legend gives it.
func (s *shown) sums(name string) map[string]int {
	sums := map[string]int{}
	for _, series := range s.results[name].Series {
		sums["/"+grafana.LegendOf(s.queries[name].Legend, series.Labels)] += int(series.Sum())
	}
	return sums
}

// byLegend returns the series of a query by the names that the legend gives them.
func (s *shown) byLegend(name string) map[string]source.Series {
	all := map[string]source.Series{}
	for _, series := range s.results[name].Series {
		legend := grafana.LegendOf(s.queries[name].Legend, series.Labels)
		require.NotContains(s.t, all, legend, "two series of this name")
		all[legend] = series
	}
	return all
}

func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// one returns the only number of a panel that shows one.
func (s *shown) one() float64 {
	s.t.Helper()
	require.Len(s.t, s.results["A"].Series, 1)
	return s.results["A"].Series[0].Last()
}

// requireRows requires that a table has a row for each key, and what is shown in it.
func (s *shown) requireRows(keys []string, want map[string]map[string]any) {
	s.t.Helper()
	got := map[string]grafana.Row{}
	for _, row := range s.table.Rows {
		key := ""
		for _, name := range keys {
			field, ok := s.table.Field(row, name)
			require.True(s.t, ok, "%s in %v", name, row)
			key += "/" + field.Text
		}
		got[key] = row
	}
	require.Equal(s.t, names(want), names(got))
	for key, fields := range want {
		for name, value := range fields {
			field, ok := s.table.Field(got[key], name)
			switch value := value.(type) {
			case nil:
				assert.False(s.t, ok, "%s of %s is %v", name, key, field)
			case string:
				assert.Equal(s.t, value, field.Text, "%s of %s", name, key)
			case time.Time:
				assert.InDelta(s.t, value.UnixMilli(), field.Number, 1, "%s of %s", name, key)
			case float64:
				assert.InDelta(s.t, value, field.Number, 0.02*value+0.01, "%s of %s", name, key)
			case int:
				assert.InDelta(s.t, value, field.Number, 0.02*float64(value), "%s of %s", name, key)
			default:
				require.Fail(s.t, fmt.Sprintf("%T", value))
			}
		}
	}
}
