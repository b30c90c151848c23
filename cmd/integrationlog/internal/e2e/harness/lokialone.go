// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"fmt"
	"net/http"
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
func NewLokiAlone(t *testing.T, allInOne string) *LokiAlone {
	t.Helper()
	return LokiOn(t, allInOne, filepath.Join(t.TempDir(), "loki"))
}

// LokiOn returns a Loki with this data directory.
func LokiOn(t *testing.T, allInOne, directory string) *LokiAlone {
	t.Helper()
	port := FreePort(t)
	return &LokiAlone{
		Loki:   NewLoki(url(port)),
		binary: allInOne,
		config: fmt.Sprintf(lokiAlone, directory, port, FreePort(t), FreePort(t)),
	}
}

// Run starts a process and waits until Loki is ready.
func (l *LokiAlone) Run(t *testing.T) *Process {
	t.Helper()
	p := Start(t, Command{Path: l.binary, Args: []string{"--config", "yaml:" + l.config}, Dir: t.TempDir()})
	t.Cleanup(func() {
		if t.Failed() {
			p.show(t)
		}
	})
	Eventually(t, readyTimeout, func(ctx context.Context) error {
		code, err := get(ctx, l.URL+"/ready")
		if err == nil && code != http.StatusOK {
			err = fmt.Errorf("status %d", code)
		}
		return err
	})
	require.False(t, p.HasEnded())
	return p
}
