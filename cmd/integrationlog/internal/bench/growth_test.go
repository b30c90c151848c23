// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/e2e/intakebench/wire"
)

// BenchmarkGrowth tells how the cost of a record grows with ten times the load, the streams
// and the backlog.
func BenchmarkGrowth(b *testing.B) {
	records := capture(b)
	all := install(b)
	process, _ := all.Run(b)
	warmUp(b, all)
	for _, rate := range []float64{150, 1500} {
		b.Run(fmt.Sprintf("load/%.0f webhooks a second", rate), func(b *testing.B) { measureRunning(b, all, process, rate, 10*time.Second) })
	}
	for _, streams := range []int{6, 60} {
		b.Run(fmt.Sprintf("streams/%d", streams), func(b *testing.B) { measureStreams(b, all, process, records, streams) })
	}
	process.Stop(b)
	for _, backlog := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("backlog/%d records", backlog), func(b *testing.B) { measureBacklog(b, records, backlog) })
	}
}

// measureStreams sends records of as many services over OTLP.
func measureStreams(b *testing.B, all *harness.Installation, process *harness.Process, records *captured, streams int) {
	b.Helper()
	const pushes, size = 200, 100
	before := use(b, all.Loki, process)
	sendOTLP(b, all, records, pushes, size, func(n int) string { return fmt.Sprintf("service-%d-of-%d", n%streams, streams) })
	all.AwaitEmptyQueue(b, within)
	use(b, all.Loki, process).since(before).report(b, pushes*size)
	b.ReportMetric(float64(process.RSS(b)), "RSS-end-B")
	once(b)
}

// measureBacklog fills the queue while Loki cannot be reached, and tells what it costs to
// start with it and to deliver it.
func measureBacklog(b *testing.B, records *captured, backlog int) {
	b.Helper()
	const size = 100
	all := install(b, lokiAway)
	process, _ := all.Run(b)
	sendOTLP(b, all, records, backlog/size, size, nil)
	process.Stop(b)
	b.ReportMetric(diskSize(b, filepath.Join(all.Directory, "queue"))/float64(backlog), "queue-B/record")
	all.Args = nil
	process, ready := all.Run(b)
	began := time.Now()
	all.AwaitEmptyQueue(b, within)
	b.ReportMetric(float64(backlog)/time.Since(began).Seconds(), "delivered/s")
	b.ReportMetric(float64(process.CPU(b))/float64(backlog), "cpu-ns/record")
	b.ReportMetric(ready.Seconds()*1e9, "ready-ns")
	count, err := all.Loki.Count(b.Context(), `{product="shopify"}`)
	require.NoError(b, err)
	require.Equal(b, backlog, count)
	process.Stop(b)
	once(b)
}

// sendOTLP sends records to the OTLP receiver, over one connection.
func sendOTLP(b *testing.B, all *harness.Installation, records *captured, pushes, size int, service func(n int) string) {
	b.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", all.Ports.OTLPHTTP)
	conn, err := wire.Dial(b.Context(), address)
	require.NoError(b, err)
	defer func() { _ = conn.Close() }()
	for range pushes {
		request, err := push(address, "/v1/logs", records.build(time.Now(), size, service))
		require.NoError(b, err)
		code, err := conn.Post(request)
		require.NoError(b, err)
		require.True(b, isTaken(code), code)
	}
}
