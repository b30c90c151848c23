// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// receivers are all that took something in, as the collector names them.
var receivers = []string{"actions", "bot_builder", "salesforce", "shopify", "sunshine_conversations", "zendesk_webhooks", "zis"}

const nothingLost = "nothing was lost, and the queue had room"

var ofCollector = map[string]expectation{
	"stat Up for": {returns: func(s *shown) {
		assert.InDelta(s.t, (scrapeInterval + laidOut()).Seconds(), s.one(), 0)
	}},
	"stat Fullest queue": {returns: func(s *shown) {
		assert.GreaterOrEqual(s.t, s.one(), 0.0)
		assert.Less(s.t, s.one(), 0.01)
	}},
	"stat Oldest checkpoint": {returns: func(s *shown) {
		assert.GreaterOrEqual(s.t, s.one(), 0.0)
		assert.Less(s.t, s.one(), 3600.0)
	}},
	"stat Dead letters":  {returns: func(s *shown) { assert.InDelta(s.t, 1, s.one(), 0) }},
	"stat Retention ran": {returns: func(s *shown) { requireJustNow(s, s.one()) }},
	"stat Memory": {returns: func(s *shown) {
		assert.Greater(s.t, s.one(), 50e6)
		assert.Less(s.t, s.one(), 2e9)
	}},
	"timeseries Taken in": {returns: func(s *shown) {
		want := map[string]int{}
		recent, late := s.v.sent(0, len(s.v.feeds))
		for _, product := range products {
			name := strings.ReplaceAll(product, "-", "_")
			if product == "webhooks" {
				name = "zendesk_webhooks"
			}
			want[name] = recent.of(product, "") + late.of(product, "")
		}
		want["shopify"] += notStored
		requireCounted(s, time.Second, want)
	}},
	"timeseries Refused": {emptyBecause: nothingLost, returns: func(s *shown) {
		requireCounted(s, time.Minute, map[string]int{"zis: unauthorized": 3, "shopify: method": 1})
		for name := range s.byLegend("B") {
			assert.Contains(s.t, receivers, name[:len(name)-len(": pipeline")])
		}
	}},
	"timeseries Not understood": {returns: func(s *shown) {
		requireCounted(s, time.Minute, map[string]int{"sunshine_conversations: not_an_object": 2})
	}},
	"timeseries Changed or dropped to fit Loki": {returns: func(s *shown) {
		requireCounted(s, time.Minute, map[string]int{"too_old": 2})
	}},
	"timeseries Checkpoint age": {returns: func(s *shown) {
		assert.Equal(s.t, []string{"salesforce", "zendesk_webhooks"}, names(s.byLegend("A")))
	}},
	"timeseries Failed polls": {returns: func(s *shown) {
		requireCounted(s, time.Minute, map[string]int{"zendesk_webhooks: remote": 1})
	}},
	"timeseries Sending queue": {returns: func(s *shown) {
		require.Equal(s.t, []string{"otlp_http/loki"}, names(s.byLegend("A")))
		assert.Less(s.t, s.byLegend("A")["otlp_http/loki"].Max(), 0.01)
	}},
	"timeseries Sent": {returns: func(s *shown) {
		requireCounted(s, time.Second, map[string]int{"otlp_http/loki": len(s.v.entries), "activity_metrics": len(s.v.entries) + notStored})
	}},
	"timeseries Export failures": {emptyBecause: nothingLost, returns: func(s *shown) {
		requireCounted(s, time.Minute, map[string]int{"otlp_http/loki: failed": 1})
		require.Equal(s.t, []string{"answer 500"}, names(s.byLegend("C")))
		assert.Positive(s.t, s.byLegend("C")["answer 500"].Max())
	}},
	"timeseries Dead letters over time": {returns: func(s *shown) {
		requireCounted(s, time.Minute, map[string]int{"refused": 1})
		for query, legend := range map[string]string{"B": "not written", "C": "quarantine"} {
			require.Equal(s.t, []string{legend}, names(s.byLegend(query)))
			assert.Zero(s.t, s.byLegend(query)[legend].Max(), legend)
		}
	}},
	"timeseries Discarded by Loki": {returns: func(s *shown) {
		requireCounted(s, time.Minute, map[string]int{"too_far_in_future": 1})
	}},
	"timeseries Compactor": {returns: func(s *shown) {
		for query, legend := range map[string]string{"A": "compaction", "B": "retention"} {
			require.Equal(s.t, []string{legend}, names(s.byLegend(query)))
			requireJustNow(s, s.byLegend(query)[legend].Last())
		}
	}},
	"timeseries Memory over time": {returns: func(s *shown) {
		assert.Equal(s.t, []string{"resident localhost:8888"}, names(s.byLegend("A")))
		assert.Equal(s.t, []string{"heap localhost:8888"}, names(s.byLegend("B")))
		assert.Less(s.t, s.byLegend("B")["heap localhost:8888"].Max(), s.byLegend("A")["resident localhost:8888"].Max())
	}},
}

// requireCounted requires that the rates of the first query, each for a unit of time, add up
// to what was counted, and no other series. It looks at steps of two minutes and at steps
// of 15 seconds, which are shorter than their windows.
func requireCounted(s *shown, unit time.Duration, want map[string]int) {
	s.t.Helper()
	for _, length := range []time.Duration{24 * time.Hour, time.Hour} {
		s := s.v.at(s.v.last(length)).run(s.t, s.panel)
		require.Equal(s.t, names(want), names(s.byLegend("A")))
		for name, counted := range s.counted("A", unit) {
			s.requireShare(float64(want[name]), counted, fmt.Sprintf("%s in %s", name, length))
		}
	}
}

// requireShare requires that a sum over the steps is what was counted, but for what the
// windows cannot show.
//
// To see that a counter has grown takes the scrape before, so a window sees what grew in the
// time between its first scrape and its last. That is a scrape shorter than the window and,
// as Grafana chooses the windows, a whole number of steps, so that each growth is in as many
// windows as any other, wherever the steps begin. A rate makes up for the missing scrape, but
// not below zero: so it does in part or not at all for what a counter counts first.
func (s *shown) requireShare(want, sum float64, message string) {
	s.t.Helper()
	const rounding = 1e-9
	window := max(s.queries["A"].Step+scrapeInterval, 4*scrapeInterval)
	least := 1 - scrapeInterval.Seconds()/window.Seconds()
	assert.GreaterOrEqual(s.t, sum, (least-rounding)*want, message)
	assert.LessOrEqual(s.t, sum, (1+rounding)*want, message)
}

// counted adds up the rates of a query, each for a unit of time, over the time that they
// stand for.
func (s *shown) counted(name string, unit time.Duration) map[string]float64 {
	sums := map[string]float64{}
	for legend, series := range s.byLegend(name) {
		sums[legend] = series.Sum() * float64(s.queries[name].Step) / float64(unit)
	}
	return sums
}

// requireJustNow requires that what happened so many seconds ago did so at the end of the
// test's feeds. The time of a point is up to a step before the last scrape.
func requireJustNow(s *shown, ago float64) {
	s.t.Helper()
	assert.InDelta(s.t, 0, ago, (2 * time.Minute).Seconds())
}
