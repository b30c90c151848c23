// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Whatever happens at a time, each activity counts once, and nothing is lost.
func TestConcurrentUse(t *testing.T) {
	const workers, each = 8, 200
	b := newBench(t, func(s *Settings) { s.MaxActivities = workers * each })
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for i := range each {
				own := order(fmt.Sprint(worker, "/", i), noon.Add(-time.Duration(i)*time.Second), noon, activity.Info)
				shared := order(fmt.Sprint("shared/", i), noon, noon, activity.Error)
				shared.Product = activity.Product(fmt.Sprint("p", i%40))
				b.Count(activity.NewLogs(activity.Scope{}, own, shared))
			}
		})
	}
	for range 20 {
		_, err := b.registry.Gather()
		require.NoError(t, err)
	}
	group.Wait()

	var errors float64
	for labels, value := range b.series(t, activities) {
		if labels == "order shopify info" {
			assert.InDelta(t, workers*each, value, 0)
			continue
		}
		errors += value
	}
	assert.InDelta(t, each, errors, 0)
	assert.InDelta(t, unix(noon), b.series(t, newest)["shopify info"], 0)
}
