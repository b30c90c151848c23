// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestAnActivityCountsOnce(t *testing.T) {
	b := newBench(t)
	a := order("1", noon.Add(-time.Minute), noon, activity.Error)
	another := a
	another.ID = "2"
	elsewhere := a
	elsewhere.Product, elsewhere.Type = activity.ZIS, "flow_run"
	anew := a // observed again, and what it is said to be has changed
	anew.Observed, anew.Status = noon.Add(2*time.Hour), activity.Info

	result := b.Count(activity.NewLogs(activity.Scope{}, a, a, another, elsewhere))
	assert.Equal(t, Result{Repeated: 1}, result)
	result = b.Count(activity.NewLogs(activity.Scope{}, anew, a, another, elsewhere))
	assert.Equal(t, Result{Repeated: 4}, result)

	assert.Equal(t, map[string]float64{"order shopify error": 2, "flow_run zis error": 1}, b.series(t, activities))
	assert.Equal(t, map[string]float64{"shopify": 2, "zis": 1}, b.series(t, delays))
}

func TestALateActivityCountsOnce(t *testing.T) {
	b := newBench(t)
	a := order("1", noon.Add(-2*time.Hour), noon, activity.Error)
	assert.Equal(t, Result{Repeated: 1}, b.Count(activity.NewLogs(activity.Scope{}, a, a)))
	assert.Equal(t, map[string]float64{"shopify error": 1}, b.series(t, late))
}

func TestWithoutAnIDEachDeliveryCounts(t *testing.T) {
	b := newBench(t)
	a := order("", noon, noon, activity.Info)
	assert.Zero(t, b.Count(activity.NewLogs(activity.Scope{}, a, a, a)))
	assert.Equal(t, map[string]float64{"order shopify info": 3}, b.series(t, activities))
}
