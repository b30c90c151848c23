// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// lokiAlone is a collector that does nothing but run Loki: a pipeline there has to be,
// and nobody sends anything into this one.
const lokiAlone = `
extensions:
  embedded_loki: {directory: %q, http: {endpoint: "127.0.0.1:%d"}, grpc: {endpoint: "127.0.0.1:%d"}}
receivers:
  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}
exporters:
  debug:
service:
  extensions: [embedded_loki]
  telemetry: {metrics: {level: none}}
  pipelines:
    logs: {receivers: [otlp], exporters: [debug]}
`

// LokiAlone is a Loki as a process of its own. It outlives its processes.
type LokiAlone struct {
	*Loki
	binary, config string
}

// NewLokiAlone returns a Loki with an empty data directory and ports of its own, run by
// the all-in-one.
func NewLokiAlone(tb testing.TB, allInOne string) *LokiAlone {
	tb.Helper()
	return LokiOn(tb, allInOne, filepath.Join(tb.TempDir(), "loki"))
}

// LokiOn returns a Loki with this data directory.
func LokiOn(tb testing.TB, allInOne, directory string) *LokiAlone {
	tb.Helper()
	port := FreePort(tb)
	return &LokiAlone{
		Loki:   NewLoki(url(port)),
		binary: allInOne,
		config: fmt.Sprintf(lokiAlone, directory, port, FreePort(tb), FreePort(tb)),
	}
}

// Run starts a process and waits until Loki is ready.
func (l *LokiAlone) Run(tb testing.TB) *Process {
	tb.Helper()
	p := Start(tb, Command{Path: l.binary, Args: []string{"--config", "yaml:" + l.config}, Dir: tb.TempDir()})
	tb.Cleanup(func() {
		if tb.Failed() {
			p.show(tb)
		}
	})
	Eventually(tb, readyTimeout, l.Ready)
	require.False(tb, p.HasEnded())
	return p
}
