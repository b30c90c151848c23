// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFreshRegistry(t *testing.T) {
	before := prometheus.DefaultRegisterer
	counter := func() prometheus.Collector {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "lokirun_test_total"})
	}
	for range 2 {
		restore := useFreshRegistry()
		// What a Loki does that starts: the same metrics each time, and a Go collector.
		require.NoError(t, prometheus.Register(counter()))
		names := gather(t)
		assert.Contains(t, names, "lokirun_test_total")
		assert.Contains(t, names, "loki_panic_total", "registered when the process began")
		restore()
	}
	assert.Same(t, before, prometheus.DefaultRegisterer)
	names := gather(t)
	assert.NotContains(t, names, "lokirun_test_total")
	assert.Contains(t, names, "go_goroutines", "the Go collector is back")
}

func gather(t *testing.T) []string {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	require.NoError(t, err)
	names := make([]string, 0, len(families))
	for _, family := range families {
		names = append(names, family.GetName())
	}
	return names
}
