// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	// tryFor is how long each rate is tried while the highest is searched.
	tryFor = 4 * time.Second
	// firstRate is where the search begins, a second.
	firstRate = 300
	// lower is by how much the rate is lowered where it does not hold, and holds is how often
	// it is tried: each may take the whole time before it fails.
	lower = 0.75
	holds = 6
	// visibleWithin is within which time 99 of 100 have to be found in Loki.
	visibleWithin = time.Second
	// failuresPerSecond is how many webhooks a second are about a failure, for the watch.
	failuresPerSecond = 5
)

// withoutFsync makes nothing wait for the disk any longer: no answer, and no push.
var withoutFsync = []string{
	"extensions::file_storage/queue::fsync: false", "extensions::file_storage/state::fsync: false", "extensions::embedded_loki::fsync: false",
}

// BenchmarkHighestRate finds the highest rate of single webhooks that are acknowledged in
// time, and holds it; beside it the same records are sent straight to the same Loki, which
// is the limit: in batches, and one by one at a rate of its own.
func BenchmarkHighestRate(b *testing.B) {
	records := capture(b)
	b.Run("Loki, 500 records a push", func(b *testing.B) { pushBatches(b, records) })
	b.Run("Loki, one record a push", func(b *testing.B) { pushSingly(b, records) })
	b.Run("webhooks, fsync", func(b *testing.B) { holdWebhooks(b) })
	b.Run("webhooks, no fsync", func(b *testing.B) { holdWebhooks(b, withoutFsync...) })
}

// isPrompt tells whether a load was answered in time, all of it.
func isPrompt(result *pace.Result) bool {
	return !result.GivenUp && result.Failed == 0 && result.At(99) < *promptly
}

// highest searches the highest rate, where none is given, and tells in one line what it tried.
func highest(b *testing.B, try func(rate float64) pace.Result) float64 {
	b.Helper()
	if *fixedRate > 0 {
		return *fixedRate
	}
	var tries []string
	defer func() { b.Logf("p99 of %s each: %s", tryFor, strings.Join(tries, ", ")) }()
	return pace.Highest(firstRate, func(rate float64) bool {
		result := try(rate)
		tries = append(tries, fmt.Sprintf("%.0f/s %s (%d failed)", rate, result.At(99).Round(time.Millisecond), result.Failed))
		return isPrompt(&result)
	})
}

// holdHighest holds a rate, or a lower one. Where the machine has too much else to do for
// any of them, the rate it reports is 0.
func holdHighest(b *testing.B, rate float64, hold func(rate float64) bool) {
	b.Helper()
	defer once(b)
	for range holds {
		if rate > 0 && hold(rate) {
			return
		}
		rate *= lower
	}
	b.Logf("no rate was held, the lowest of those tried %.0f a second", rate/lower)
	b.ReportMetric(0, "records/s")
}

// holdWebhooks searches the highest rate and holds it.
func holdWebhooks(b *testing.B, changes ...string) {
	b.Helper()
	holdHighest(b, searchWebhooks(b, changes...), func(rate float64) bool { return hold(b, rate, changes...) })
}

func searchWebhooks(b *testing.B, changes ...string) float64 {
	b.Helper()
	all := install(b, changes...)
	process, _ := all.Run(b)
	warmUp(b, all)
	defer process.Stop(b)
	return highest(b, func(rate float64) pace.Result {
		load := pace.Load{Rate: rate, For: tryFor, Connections: connections, Promptly: *promptly}
		result, err := pace.Run(b.Context(), load, newShop(all.Shop, load, 0).connect(b))
		require.NoError(b, err)
		all.AwaitEmptyQueue(b, within)
		return result
	})
}

// hold sends at a rate for the whole time, to a new installation, and returns whether it
// was prompt. If so it reports it.
func hold(b *testing.B, rate float64, changes ...string) bool {
	b.Helper()
	all := install(b, changes...)
	process, _ := all.Run(b)
	warmUp(b, all)
	defer process.Stop(b)
	load := pace.Load{Rate: rate, For: *holdFor, Connections: connections, Promptly: *promptly}
	s := newShop(all.Shop, load, int(rate/failuresPerSecond))
	seen := startWatch(b.Context(), s, all.Loki)
	used, before, own := startMemory(process), use(b, all.Loki, process), ownCPU(b)
	result, err := pace.Run(b.Context(), load, s.connect(b))
	require.NoError(b, err)
	own = ownCPU(b) - own
	all.AwaitEmptyQueue(b, within)
	used.stop() // what compares lists everything, which takes memory of its own
	after := use(b, all.Loki, process).since(before)
	b.Logf("%.0f a second for %s of %s: p99 %s, %d failed (%v)", rate, result.Took, load.For, result.At(99), result.Failed, result.Error)
	if !isPrompt(&result) {
		seen.end()
		return false
	}
	visible := seen.stop(b)
	if visible > visibleWithin {
		b.Logf("%.0f a second for %s: visible p99 %s", rate, load.For, visible)
		return false
	}
	reportTimes(b, &result)
	b.ReportMetric(float64(visible), "visible-p99-ns")
	missing, doubled := s.audit(b, all.Loki, &result)
	b.ReportMetric(float64(missing), "missing")
	b.ReportMetric(float64(doubled), "doubled")
	require.Zero(b, missing+doubled)
	s.count(b, all.Loki)
	after.report(b, result.Accepted)
	b.ReportMetric(float64(own)/float64(result.Accepted), "sender-cpu-ns/record")
	used.report(b)
	return true
}

func reportTimes(b *testing.B, result *pace.Result) {
	b.Helper()
	b.ReportMetric(float64(result.Accepted)/result.Took.Seconds(), "records/s")
	b.ReportMetric(float64(result.At(50)), "p50-ns")
	b.ReportMetric(float64(result.At(99)), "p99-ns")
	b.ReportMetric(float64(result.At(100)), "max-ns")
}

// pushSingly searches the highest rate of pushes of one record, and holds it.
func pushSingly(b *testing.B, records *captured) {
	b.Helper()
	push := func(loki *harness.LokiAlone, rate float64, d time.Duration) pace.Result {
		load := pace.Load{Rate: rate, For: d, Connections: connections, Promptly: *promptly}
		result, err := pace.Run(b.Context(), load, records.connect(b.Context(), b, loki.URL, 1))
		require.NoError(b, err)
		return result
	}
	search := func() float64 {
		loki := harness.NewLokiAlone(b, binaries.AllInOne(b))
		defer loki.Run(b).Stop(b)
		return highest(b, func(rate float64) pace.Result { return push(loki, rate, tryFor) })
	}
	holdHighest(b, search(), func(rate float64) bool {
		loki := harness.NewLokiAlone(b, binaries.AllInOne(b))
		process := loki.Run(b)
		defer process.Stop(b)
		used, before, own := startMemory(process), use(b, loki.Loki, process), ownCPU(b)
		result := push(loki, rate, *holdFor)
		used.stop()
		b.Logf("%.0f pushes a second for %s of %s: p99 %s, %d failed (%v)", rate, result.Took, *holdFor, result.At(99), result.Failed, result.Error)
		own = ownCPU(b) - own
		after := use(b, loki.Loki, process).since(before)
		if !isPrompt(&result) {
			return false
		}
		reportTimes(b, &result)
		after.report(b, result.Accepted)
		b.ReportMetric(float64(own)/float64(result.Accepted), "sender-cpu-ns/record")
		used.report(b)
		return true
	})
}

// pushBatches pushes as many records as Loki takes, as an exporter does: four at a time.
func pushBatches(b *testing.B, records *captured) {
	b.Helper()
	const batch, exporters = 500, 4
	loki := harness.NewLokiAlone(b, binaries.AllInOne(b))
	process := loki.Run(b)
	ctx, cancel := context.WithTimeout(b.Context(), max(*holdFor/10, 5*time.Second))
	defer cancel()
	used, before, own, began := startMemory(process), use(b, loki.Loki, process), ownCPU(b), time.Now()
	pushed := records.pushAll(ctx, b, loki.URL, batch, exporters)
	took := time.Since(began)
	used.stop()
	own = ownCPU(b) - own
	after := use(b, loki.Loki, process).since(before)
	b.ReportMetric(float64(pushed)/took.Seconds(), "records/s")
	after.report(b, pushed)
	b.ReportMetric(float64(own)/float64(pushed), "sender-cpu-ns/record")
	used.report(b)
	process.Stop(b)
	once(b)
}

func isTaken(code int) bool { return code/100 == http.StatusOK/100 }
