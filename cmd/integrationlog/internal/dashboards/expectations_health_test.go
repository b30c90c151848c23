// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"math"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
)

var ofHealth = map[string]expectation{
	"table Products":                       {returns: productsTable},
	"state-timeline State of each product": {returns: productStates},
	"table Firing alerts": {returns: func(s *shown) {
		s.requireRows([]string{"Alert", "Product"}, map[string]map[string]any{
			"/IntegrationErrorRatioFast/zis": {"Severity": "critical"},
			"/IntegrationLogDeadLetters/":    {"Severity": "warning"},
			"/LokiDiscardsRecords/":          {"Severity": "warning"},
		})
		for _, row := range s.table.Rows {
			since := time.UnixMilli(int64(s.cell(row, "Since").Number)).Sub(s.v.lastScrape.Add(-phases[2]))
			assert.GreaterOrEqual(s.t, since, time.Duration(0), "since the second round")
			assert.Less(s.t, since, time.Minute, "the rules are evaluated each minute")
		}
	}},
	"timeseries Activities": {returns: func(s *shown) {
		requireMinutes(s, products, "")
	}},
	"timeseries Errors": {returns: func(s *shown) {
		requireMinutes(s, products, "error")
	}},
	"timeseries Error ratio": {returns: func(s *shown) {
		series := s.byLegend("A")
		require.Equal(s.t, withRatio, names(series))
		second, _ := s.v.sent(3, 5)
		for product, ratio := range series {
			want := float64(second.of(product, "error")) / float64(second.of(product, ""))
			assert.InDelta(s.t, want, ratio.Last(), 0.001, "%s in the second round", product)
		}
	}},
	"timeseries Errors by type": {returns: func(s *shown) {
		series := s.byLegend("A")
		assert.Len(s.t, series, 10, "every class is there")
		recent := slices.DeleteFunc(slices.Clone(s.v.entries), func(e source.Entry) bool {
			return e.Labels["status"] != "error" || e.Labels["product"] == "salesforce"
		})
		want := tally(recent, "error_type")
		for name, numbers := range series {
			s.requireShare(float64(want["/"+name]), perMinute(s, numbers), name)
		}
	}},
	"table Top errors": {returns: topErrors},
	"table Busiest objects": {returns: func(s *shown) {
		of := func(e source.Entry) string {
			return "/" + e.Labels["product"] + "/" + objectOf(e)
		}
		counted := map[string]int{}
		for _, entry := range s.v.entries {
			if entry.Labels["activity_object_id"] != "" {
				counted[of(entry)]++
			}
		}
		for _, row := range s.table.Rows {
			key := "/" + s.cell(row, "Product").Text + "/" + s.cell(row, "Object").Text
			assert.InDelta(s.t, counted[key], s.cell(row, "Activities").Number, 0, key)
			delete(counted, key)
		}
		require.Len(s.t, s.table.Rows, 20)
		least := s.cell(s.table.Rows[19], "Activities").Number
		for key, n := range counted {
			assert.LessOrEqual(s.t, float64(n), least, "%s is not among the busiest", key)
		}
		assert.True(s.t, slices.IsSortedFunc(s.table.Rows, func(a, b grafana.Row) int {
			return int(s.cell(b, "Activities").Number - s.cell(a, "Activities").Number)
		}), "the busiest first")
	}},
	"timeseries Delay p50": {returns: delays(0.5)},
	"timeseries Delay p95": {returns: delays(0.95)},
	"timeseries Delay p99": {returns: delays(0.99)},
}

func productsTable(s *shown) {
	recent, late := s.v.sent(1, 6)
	want := map[string]map[string]any{}
	for _, product := range products {
		all, errors := recent.of(product, ""), recent.of(product, "error")
		row := map[string]any{
			"Activities": all, "Errors": errors, "Error ratio": float64(errors) / float64(all), "Change": errors, "Late": late.of(product, ""),
		}
		newest, success := s.v.newest(product, ""), s.v.newest(product, "info")
		row["Since last activity"] = s.v.now.Sub(newest).Seconds()
		row["Last success"] = success
		if slices.Contains(onlyErrors, product) {
			row["Error ratio"], row["Last success"] = nil, nil
		}
		want["/"+product] = row
	}
	want["/shopify"]["Late"] = late.of("shopify", "") + notStored // it is counted all the same
	s.requireRows([]string{"Product"}, want)
	for _, row := range s.table.Rows {
		assert.Positive(s.t, s.cell(row, "Delay p95").Number)
	}

	// In the last 20 minutes there was the second round, in the 20 before it the first.
	first, _ := s.v.sent(1, 3)
	second, _ := s.v.sent(3, 5)
	s = s.v.at(s.v.last(20*time.Minute)).run(s.t, s.panel)
	require.Len(s.t, s.table.Rows, len(products))
	for _, row := range s.table.Rows {
		product := s.cell(row, "Product").Text
		assert.InDelta(s.t, second.of(product, "error"), s.cell(row, "Errors").Number, 0, product)
		assert.InDelta(s.t, second.of(product, "error")-first.of(product, "error"), s.cell(row, "Change").Number, 0, "change of %s", product)
	}
}

// newest is when the newest activity happened that was seen in time.
func (w *world) newest(product, status string) time.Time {
	var newest time.Time
	for _, entry := range w.entries {
		if entry.Labels["product"] == product && (status == "" || entry.Labels["status"] == status) && entry.Time.After(newest) {
			newest = entry.Time
		}
	}
	return newest
}

// productStates requires that the worst of each round is shown: 4 for errors, 2 for
// warnings and 1 for anything at all.
func productStates(s *shown) {
	series := s.byLegend("A")
	require.Equal(s.t, products, names(series))
	recent, _ := s.v.sent(1, 5)
	for product, states := range series {
		worst := 1
		if recent.of(product, "warning") > 0 {
			worst = 3
		}
		if recent.of(product, "error") > 0 {
			worst = 5
			if product == "bot-builder" { // it has had all of them in one round
				worst = 7
			}
		}
		assert.InDelta(s.t, worst, states.Max(), 0, product)
		assert.Zero(s.t, states.Points[0].Value, "%s was quiet at first", product)
	}
}

// requireMinutes requires that what is shown for a minute adds up to what was sent.
func requireMinutes(s *shown, want []string, status string) {
	s.t.Helper()
	series := s.byLegend("A")
	require.Equal(s.t, want, names(series))
	recent, _ := s.v.sent(1, 5)
	for product, numbers := range series {
		s.requireShare(float64(recent.of(product, status)), perMinute(s, numbers), product)
	}
}

// perMinute adds up numbers for a minute over the time that each stands for.
func perMinute(s *shown, series source.Series) float64 {
	return series.Sum() * s.queries["A"].Step.Minutes()
}

func topErrors(s *shown) {
	type failures struct {
		count       int
		first, last time.Time
	}
	found := map[string]failures{}
	for _, entry := range s.v.entries {
		if entry.Labels["status"] != "error" {
			continue
		}
		key := "/" + entry.Labels["product"] + "/" + entry.Labels["error_type"]
		f := found[key]
		f.count++
		if f.first.IsZero() || entry.Time.Before(f.first) {
			f.first = entry.Time
		}
		if entry.Time.After(f.last) {
			f.last = entry.Time
		}
		found[key] = f
	}
	want := map[string]map[string]any{}
	for key, f := range found {
		want[key] = map[string]any{"Count": f.count}
	}
	s.requireRows([]string{"Product", "Error type"}, want)
	for _, row := range s.table.Rows {
		f := found["/"+s.cell(row, "Product").Text+"/"+s.cell(row, "Error type").Text]
		assert.InDelta(s.t, f.first.UnixMilli(), s.cell(row, "First seen").Number, 1)
		assert.InDelta(s.t, f.last.UnixMilli(), s.cell(row, "Last seen").Number, 1)
	}
}

// delays requires that the delay of each product is of the size that it was: of webhooks,
// which were found by a poll, seconds, of all others minutes, and nothing without
// activities.
func delays(quantile float64) func(s *shown) {
	return func(s *shown) {
		series := s.byLegend("A")
		require.Equal(s.t, products, names(series))
		for product, delay := range series {
			longest, points := 0.0, 0
			for _, point := range delay.Points {
				if !math.IsNaN(point.Value) {
					longest = max(longest, point.Value)
					points++
				}
			}
			switch product {
			case "webhooks":
				assert.Less(s.t, longest, 60.0)
			case "shopify": // one of six was nine days old, and one two hours
				if quantile > 0.9 {
					assert.Greater(s.t, longest, 86400.0)
				}
			case "zis":
				assert.Greater(s.t, longest, 300.0)
				assert.Less(s.t, longest, 3600.0)
			}
			assert.Positive(s.t, longest, product)
			assert.LessOrEqual(s.t, points, 4, "%s: two rounds, each in one step or two, and gaps between them", product)
		}
	}
}
