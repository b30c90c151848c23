// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhatIsThereFromTheStart(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Products = []string{"shopify", "actions", "my-crm"} })

	counted := b.all(t, activities)
	assert.Len(t, counted, 4*(6+2+1))
	for _, series := range []string{"order shopify error", "compliance shopify debug", "action_test actions warning", "_OTHER my-crm info"} {
		assert.Contains(t, counted, series)
	}
	failed := b.all(t, failures)
	assert.Len(t, failed, 3*10)
	assert.Contains(t, failed, "_OTHER shopify")
	assert.Len(t, b.all(t, late), 3*4)
	assert.Empty(t, b.all(t, newest), "or silence would be told of at the start")
	assert.Len(t, b.all(t, delays), 3)
	for _, name := range []string{activities, failures, late, delays} {
		assert.Empty(t, b.series(t, name), name)
	}
}

func TestNothingIsThereOfNoProduct(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{activities, failures, late, newest, delays} {
		assert.Empty(t, b.all(t, name), name)
	}
}

func TestOneActivity(t *testing.T) {
	b := newBench(t)
	a := order("1", noon.Add(-90*time.Second), noon.Add(-30*time.Second), activity.Error)
	a.Error = &activity.Failure{Type: activity.ErrorRateLimit}

	require.Zero(t, b.Count(activity.NewLogs(activity.Scope{}, a)))

	assert.Equal(t, map[string]float64{"order shopify error": 1}, b.series(t, activities))
	assert.Equal(t, map[string]float64{"rate_limit shopify": 1}, b.series(t, failures))
	assert.Empty(t, b.series(t, late))
	assert.Equal(t, map[string]float64{"shopify error": float64(noon.Add(-90 * time.Second).Unix())}, b.series(t, newest))
	assert.Len(t, b.all(t, activities), 4*6, "its other series are there too from now on")
	require.NoError(t, testutil.GatherAndCompare(b.registry, strings.NewReader(`
# HELP integration_activity_delay_seconds How long after it happened an activity was seen, late ones included.
# TYPE integration_activity_delay_seconds histogram
integration_activity_delay_seconds_bucket{product="shopify",le="1"} 0
integration_activity_delay_seconds_bucket{product="shopify",le="5"} 0
integration_activity_delay_seconds_bucket{product="shopify",le="15"} 0
integration_activity_delay_seconds_bucket{product="shopify",le="30"} 0
integration_activity_delay_seconds_bucket{product="shopify",le="60"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="120"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="300"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="600"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="1800"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="3600"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="10800"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="21600"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="43200"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="86400"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="172800"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="604800"} 1
integration_activity_delay_seconds_bucket{product="shopify",le="+Inf"} 1
integration_activity_delay_seconds_sum{product="shopify"} 60
integration_activity_delay_seconds_count{product="shopify"} 1
`), delays))
}

func TestWhatPrometheusFindsFaultWith(t *testing.T) {
	b := newBench(t, func(s *Settings) {
		for _, product := range activity.Products() {
			s.Products = append(s.Products, string(product))
		}
	})
	b.Count(activity.NewLogs(activity.Scope{}, order("1", noon, noon, activity.Error), order("2", noon.Add(-2*time.Hour), noon, activity.Error)))
	problems, err := testutil.GatherAndLint(b.registry)
	require.NoError(t, err)
	assert.Empty(t, problems)
	for _, name := range []string{activities, failures, late, newest, delays} {
		assert.NotEmpty(t, b.series(t, name), name)
	}
}

func TestTwoCountersCannotShareARegistry(t *testing.T) {
	b := newBench(t)
	_, err := New(b.registry, Settings{MaxActivities: 1})
	require.Error(t, err)
	_, err = New(prometheus.NewRegistry(), Settings{})
	require.ErrorContains(t, err, "memory of what was counted")
}
