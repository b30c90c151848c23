// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// measureFor is for how long each row of docs/scaling.md is measured.
var measureFor = flag.Duration("for", 10*time.Second, "how long to measure each row of docs/scaling.md")

// BenchmarkRecord measures what a record costs the collector, and what it costs Loki. It fails
// if one is missing.
func BenchmarkRecord(b *testing.B) {
	for _, row := range []struct {
		name   string
		shared bool
		rate   int
	}{
		{"200 a second", false, 200},
		{"200 a second, shared sources", true, 200},
		{"1000 a second", false, 1000},
		{"1000 a second, shared sources", true, 1000},
		{"as many as can be", false, 0},
		{"as many as can be, shared sources", true, 0},
	} {
		b.Run(row.name, func(b *testing.B) {
			for b.Loop() {
				measure(b, row.shared, row.rate)
			}
		})
	}
}

func measure(b *testing.B, shared bool, perSecond int) {
	b.Helper()
	loki := harness.NewLokiAlone(b, binaries.AllInOne(b))
	store := loki.Run(b)
	fleet := startFleet(b, loki.Loki, 1, fmt.Sprintf("extensions::loki_delivery::shared_sources: %v", shared))
	collector, installation := fleet.processes[0], fleet.collectors[0]
	storeBefore, collectorBefore := store.CPU(b), collector.CPU(b)
	began := time.Now()
	load := harness.StartLoad(b.Context(), installation.Shop, harness.LoadSettings{Connections: 32, PerSecond: perSecond}, func(n int) harness.Webhook {
		return harness.NewOrder(fmt.Sprintf("measure-%07d", n), time.Now().Add(ahead))
	})
	timer := time.NewTimer(*measureFor)
	defer timer.Stop()
	<-timer.C
	require.NoError(b, load.Stop(time.Minute))
	took := time.Since(began)
	installation.AwaitEmptyQueue(b, 5*time.Minute)
	rest := time.Since(began) - took
	accepted, _ := load.Ledger.IDs()
	records := float64(len(accepted))
	b.ReportMetric(records/took.Seconds(), "acknowledged/s")
	b.ReportMetric(rest.Seconds(), "last-visible-s")
	b.ReportMetric(float64(collector.CPU(b)-collectorBefore)/records, "collector-cpu-ns/record")
	b.ReportMetric(float64(store.CPU(b)-storeBefore)/records, "loki-cpu-ns/record")
	count, err := loki.Count(b.Context(), `{product="shopify"}`)
	require.NoError(b, err)
	require.Equal(b, len(accepted), count)
}
