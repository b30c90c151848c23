// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// noon is the time at which the tests take place.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// bench is a counter whose clock stands at noon.
type bench struct {
	*Counter
	registry *prometheus.Registry
}

func newBench(tb testing.TB, change ...func(*Settings)) *bench {
	tb.Helper()
	settings := Settings{LateAfter: time.Hour, MaxProducts: 25, MaxActivityTypes: 20, MaxActivities: 1000}
	for _, c := range change {
		c(&settings)
	}
	registry := prometheus.NewPedanticRegistry()
	counter, err := New(registry, settings)
	require.NoError(tb, err)
	counter.now = func() time.Time { return noon }
	return &bench{Counter: counter, registry: registry}
}

// order is an activity of Shopify's that happened when it was seen.
func order(id string, happened, seen time.Time, status activity.Status) activity.Activity {
	return activity.Activity{ID: id, Product: activity.Shopify, Type: "order", Time: happened, Observed: seen, Status: status}
}

// series returns the series of a metric that are not 0, each as its labels and value.
func (b *bench) series(tb testing.TB, name string) map[string]float64 {
	tb.Helper()
	found := map[string]float64{}
	for labels, value := range b.all(tb, name) {
		if value != 0 {
			found[labels] = value
		}
	}
	return found
}

// all returns all series of a metric; the value of a histogram is its count.
func (b *bench) all(tb testing.TB, name string) map[string]float64 {
	tb.Helper()
	families, err := b.registry.Gather()
	require.NoError(tb, err)
	found := map[string]float64{}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, label.GetValue())
			}
			found[strings.Join(labels, " ")] = metric.GetCounter().GetValue() + metric.GetGauge().GetValue() +
				float64(metric.GetHistogram().GetSampleCount())
		}
	}
	return found
}

const (
	activities = "integration_activities_total"
	failures   = "integration_errors_total"
	late       = "integration_late_activities_total"
	newest     = "integration_last_activity_timestamp_seconds"
	delays     = "integration_activity_delay_seconds"
)
