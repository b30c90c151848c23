// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// restFor is for how long a process has nothing to do until its memory is measured, and
// then for how long its processor time is.
const restFor = 10 * time.Second

// coreConfig takes OTLP and would deliver it.
const coreConfig = `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 1024}}
exporters: {otlp_http: {endpoint: "http://127.0.0.1:9"}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [otlp_http]}}
`

// BenchmarkFootprint tells how large the programs are, how soon they are ready, and what
// they take when they have nothing to do; beside them a collector of core parts only.
func BenchmarkFootprint(b *testing.B) {
	b.Run("core collector", func(b *testing.B) {
		binary := buildCore(b)
		footprint(b, binary, func() (*harness.Process, time.Duration) { return runCore(b, binary) })
	})
	b.Run("otelcol-integrationlog", func(b *testing.B) {
		// Of the products only those are on that are pushed: no vendor is asked for anything.
		gateway := harness.NewGateway(b, binaries.Collector(b), "http://127.0.0.1:9", nil)
		gateway.Args = append(gateway.Args, "--config", "file:"+filepath.Join(harness.Repository(), "config", "products.yaml"))
		footprint(b, gateway.Binary, func() (*harness.Process, time.Duration) { return gateway.Run(b) })
	})
	b.Run("integrationlog", func(b *testing.B) {
		all := install(b)
		footprint(b, all.Binary, func() (*harness.Process, time.Duration) { return all.Run(b) })
	})
}

func footprint(b *testing.B, binary string, run func() (*harness.Process, time.Duration)) {
	b.Helper()
	info, err := os.Stat(binary)
	require.NoError(b, err)
	process, fastest := run()
	for range 2 {
		process.Stop(b)
		var took time.Duration
		process, took = run()
		fastest = min(fastest, took)
	}
	rest(b.Context(), restFor)
	memory, used := process.RSS(b), process.CPU(b)
	rest(b.Context(), restFor)
	used = process.CPU(b) - used
	process.Stop(b)
	b.ReportMetric(float64(info.Size()), "binary-B")
	b.ReportMetric(float64(fastest), "ready-ns")
	b.ReportMetric(float64(memory), "idle-RSS-B")
	b.ReportMetric(float64(used)/restFor.Seconds(), "idle-cpu-ns/s")
	once(b)
}

func buildCore(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "core")
	output, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "./core").CombinedOutput()
	require.NoError(b, err, string(output))
	return binary
}

func runCore(b *testing.B, binary string) (*harness.Process, time.Duration) {
	b.Helper()
	port := harness.FreePort(b)
	process := harness.Start(b, harness.Command{
		Path: binary, Args: []string{"--config", "yaml:" + fmt.Sprintf(coreConfig, port)}, Dir: b.TempDir(),
	})
	harness.Eventually(b, time.Minute, func(ctx context.Context) error {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			err = conn.Close()
		}
		return err
	})
	return process, time.Since(process.Began)
}
