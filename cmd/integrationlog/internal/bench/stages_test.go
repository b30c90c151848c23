// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// stageRate and stageFor are the load under which stages are compared: far from the highest,
// so that what is measured is work and not waiting.
const (
	stageRate = 1000
	stageFor  = 6 * time.Second
	// idleFor is for how long it is measured what a process uses without a load.
	idleFor = 3 * time.Second
)

// stage is what the pipeline of webhooks has up to a stage.
type stage struct{ name, pipeline string }

// stages are the all-in-one's, each with all before it.
var stages = []stage{
	{"receiver", "{processors: [memory_limiter], exporters: [debug]}"},
	{"+ severity", "{processors: [memory_limiter, severity], exporters: [debug]}"},
	{"+ redaction", "{processors: [memory_limiter, severity, redaction], exporters: [debug]}"},
	{"+ loki_limits", "{processors: [memory_limiter, severity, redaction, loki_limits], exporters: [debug]}"},
	{"+ activity_metrics", "{processors: [memory_limiter, severity, redaction, loki_limits], exporters: [debug, activity_metrics]}"},
	{"+ queue and push, no Loki", "{processors: [memory_limiter, severity, redaction, loki_limits], exporters: [otlp_http/loki, activity_metrics]}"},
}

// BenchmarkStages tells what one webhook costs up to each stage, then with Loki, as it is
// shipped, and in the first minute after a start, in which records are looked up.
func BenchmarkStages(b *testing.B) {
	// It takes the pushes of the last stage but one, and its work is not the all-in-one's.
	nowhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	b.Cleanup(nowhere.Close)
	for _, s := range stages {
		b.Run(s.name, func(b *testing.B) {
			measureLoad(b, stageRate, stageFor, false,
				"exporters: {debug: {verbosity: basic}}",
				"service::telemetry::logs::level: error",
				"service::pipelines::logs: "+s.pipeline,
				"service::pipelines::logs/loki::receivers: [otlp]",
				"service::pipelines::logs/metrics::receivers: [otlp]",
				"exporters::otlp_http/loki: {endpoint: "+nowhere.URL+", middlewares: []}",
			)
		})
	}
	b.Run("+ Loki, as shipped", func(b *testing.B) { measureLoad(b, stageRate, stageFor, true) })
	b.Run("+ look-ups, first minute", func(b *testing.B) { measureLoad(b, stageRate, stageFor, false) })
}

// measureLoad tells what a webhook costs at a rate, beyond what the process uses without;
// warm is in the state of most of the time.
func measureLoad(b *testing.B, rate float64, d time.Duration, warm bool, changes ...string) {
	b.Helper()
	all := install(b, changes...)
	process, _ := all.Run(b)
	if warm {
		warmUp(b, all)
	}
	measureRunning(b, all, process, rate, d)
	process.Stop(b)
}

// measureRunning does so with an all-in-one that runs.
func measureRunning(b *testing.B, all *harness.Installation, process *harness.Process, rate float64, d time.Duration) {
	b.Helper()
	idle := useIdle(b, all.Loki, process)
	load := pace.Load{Rate: rate, For: d, Connections: connections}
	before, began := use(b, all.Loki, process), time.Now()
	result, err := pace.Run(b.Context(), load, newShop(all.Shop, load, 0).connect(b))
	require.NoError(b, err)
	require.Zero(b, result.Failed, "%v", result.Error)
	require.False(b, result.GivenUp)
	all.AwaitEmptyQueue(b, within)
	use(b, all.Loki, process).since(before).without(idle, idleFor, time.Since(began)).report(b, result.Accepted)
	once(b)
}

// useIdle returns what a process uses within idleFor without a load.
func useIdle(b *testing.B, loki *harness.Loki, process *harness.Process) spent {
	b.Helper()
	before := use(b, loki, process)
	rest(b.Context(), idleFor)
	return use(b, loki, process).since(before)
}
