// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// useFreshRegistry gives Loki a registry of its own, and returns the function
// that takes it away again.
//
// Loki registers its metrics with the process's default registry each time it
// starts, and panics over those of the start before. But what its packages
// register when the process begins, loki_discarded_samples_total among it, stays
// in the first registry. So metrics go to a new registry while they are read from
// both.
func useFreshRegistry() (restore func()) {
	registerer, gatherer := prometheus.DefaultRegisterer, prometheus.DefaultGatherer
	fresh := prometheus.NewRegistry()
	// Loki replaces the Go collector by a larger one; the two in one answer would
	// be an error.
	hadGoCollector := registerer.Unregister(collectors.NewGoCollector())
	prometheus.DefaultRegisterer = fresh
	prometheus.DefaultGatherer = prometheus.Gatherers{gatherer, fresh}
	return func() {
		prometheus.DefaultRegisterer, prometheus.DefaultGatherer = registerer, gatherer
		if hadGoCollector {
			// It can only be there already, which is as good.
			_ = registerer.Register(collectors.NewGoCollector())
		}
	}
}
