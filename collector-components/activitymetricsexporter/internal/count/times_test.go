// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestTimes(t *testing.T) {
	for name, tt := range map[string]struct {
		happened, seen time.Time
		isLate         bool
		last, delay    float64
	}{
		"just in time":              {happened: noon.Add(-time.Hour), seen: noon, last: unix(noon.Add(-time.Hour)), delay: 3600},
		"a nanosecond late":         {happened: noon.Add(-time.Hour - 1), seen: noon, isLate: true, delay: 3600},
		"late by a week":            {happened: noon.Add(-168 * time.Hour), seen: noon, isLate: true, delay: 604800},
		"seen long ago, and soon":   {happened: noon.Add(-3 * time.Hour), seen: noon.Add(-3 * time.Hour), last: unix(noon.Add(-3 * time.Hour))},
		"not said when seen":        {happened: noon.Add(-time.Minute), last: unix(noon.Add(-time.Minute)), delay: 60},
		"not said when happened":    {seen: noon.Add(-time.Minute), last: unix(noon.Add(-time.Minute))},
		"not said when":             {last: unix(noon)},
		"before 1970 for Loki":      {happened: time.Unix(0, -1), seen: noon, last: unix(noon)},
		"in the future":             {happened: noon.Add(time.Hour), seen: noon, last: unix(noon)},
		"after it was seen":         {happened: noon.Add(-time.Second), seen: noon.Add(-time.Minute), last: unix(noon.Add(-time.Minute))},
		"seen in the future":        {happened: noon.Add(-time.Minute), seen: noon.Add(48 * time.Hour), last: unix(noon.Add(-time.Minute)), delay: 60},
		"all of it is to come":      {happened: noon.Add(24 * time.Hour), seen: noon.Add(48 * time.Hour), last: unix(noon)},
		"the first second of 1970":  {happened: time.Unix(0, 1), seen: noon, isLate: true, delay: unix(noon)},
		"a fraction of a second":    {happened: noon.Add(-500 * time.Millisecond), seen: noon, last: unix(noon) - 0.5, delay: 0.5},
		"within the second of late": {happened: noon.Add(-time.Hour + time.Millisecond), seen: noon, last: unix(noon.Add(-time.Hour)) + 0.001, delay: 3599.999},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			a := order("1", tt.happened, tt.seen, activity.Error)
			logs := activity.NewLogs(activity.Scope{}, a)
			b.Count(logs)

			if tt.isLate {
				assert.Equal(t, map[string]float64{"shopify error": 1}, b.series(t, late))
				assert.Empty(t, b.series(t, activities))
				assert.Empty(t, b.series(t, failures))
				assert.Empty(t, b.all(t, newest))
			} else {
				assert.Empty(t, b.series(t, late))
				assert.Equal(t, map[string]float64{"order shopify error": 1}, b.series(t, activities))
				assert.Equal(t, map[string]float64{"_OTHER shopify": 1}, b.series(t, failures))
				assert.InDelta(t, tt.last, b.series(t, newest)["shopify error"], 1e-5)
			}
			assert.Equal(t, map[string]float64{"shopify": 1}, b.series(t, delays), "late ones are in the histogram too")
			assert.InDelta(t, tt.delay, b.sumOfDelays(t), 1e-5)
		})
	}
}

func unix(at time.Time) float64 { return float64(at.Unix()) }

func (b *bench) sumOfDelays(tb testing.TB) float64 {
	tb.Helper()
	families, err := b.registry.Gather()
	require.NoError(tb, err)
	for _, family := range families {
		if family.GetName() == delays {
			return family.GetMetric()[0].GetHistogram().GetSampleSum()
		}
	}
	return -1
}

func TestTheNewestStaysTheNewest(t *testing.T) {
	b := newBench(t)
	for i, ago := range []time.Duration{10 * time.Minute, time.Minute, 30 * time.Minute} {
		a := order(fmt.Sprint(i), noon.Add(-ago), noon, activity.Info)
		b.Count(activity.NewLogs(activity.Scope{}, a))
	}
	b.Count(activity.NewLogs(activity.Scope{}, order("w", noon.Add(-5*time.Minute), noon, activity.Warning)))
	assert.Equal(t, map[string]float64{
		"shopify info": unix(noon.Add(-time.Minute)), "shopify warning": unix(noon.Add(-5 * time.Minute)),
	}, b.series(t, newest))
}
