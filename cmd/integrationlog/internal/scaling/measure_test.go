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

// measureFor is how long each row of docs/scaling.md is measured; 0 leaves it out.
var measureFor = flag.Duration("measure", 0, "how long to measure each row of docs/scaling.md")

// TestMeasure measures what a record costs the collector, and what it costs Loki. It says
// what came of it, and fails only if something is missing.
func TestMeasure(t *testing.T) {
	if *measureFor == 0 {
		t.Skip("it measures, with -measure 12s")
	}
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
		t.Run(row.name, func(t *testing.T) { measure(t, row.shared, row.rate) })
	}
}

func measure(t *testing.T, shared bool, perSecond int) {
	t.Helper()
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	store := loki.Run(t)
	fleet := startFleet(t, loki.Loki, 1, fmt.Sprintf("extensions::loki_delivery::shared_sources: %v", shared))
	collector, installation := fleet.processes[0], fleet.collectors[0]
	storeBefore, collectorBefore := store.CPU(t), collector.CPU(t)
	began := time.Now()
	load := harness.StartLoad(t.Context(), installation.Shop, harness.LoadSettings{Connections: 32, PerSecond: perSecond}, func(n int) harness.Webhook {
		return harness.NewOrder(fmt.Sprintf("measure-%07d", n), time.Now().Add(ahead))
	})
	timer := time.NewTimer(*measureFor)
	defer timer.Stop()
	<-timer.C
	require.NoError(t, load.Stop(time.Minute))
	took := time.Since(began)
	installation.AwaitEmptyQueue(t, 5*time.Minute)
	rest := time.Since(began) - took
	accepted, _ := load.Ledger.IDs()
	records := float64(len(accepted))
	perRecord := func(spent time.Duration) time.Duration {
		return time.Duration(float64(spent) / records).Round(100 * time.Nanosecond)
	}
	t.Logf("%.0f acknowledged a second, the last of %.0f in Loki %s after its answer; processor time a record: collector %s, Loki %s",
		records/took.Seconds(), records, rest.Round(100*time.Millisecond), perRecord(collector.CPU(t)-collectorBefore), perRecord(store.CPU(t)-storeBefore))
	count, err := loki.Count(t.Context(), `{product="shopify"}`)
	require.NoError(t, err)
	require.Equal(t, len(accepted), count)
}
