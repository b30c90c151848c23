// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// readyTimeout is generous: the machine may be busy with other tests.
const readyTimeout = 60 * time.Second

// shownProcesses is how many of its last processes an installation shows when the
// test fails.
const shownProcesses = 3

// Ports are the ports of one installation.
type Ports struct {
	Webhook, Loki, LokiGRPC, OTLPGRPC, OTLPHTTP, Health, Telemetry, Page, Metrics int
}

// NewPorts returns ports that are free.
func NewPorts(t *testing.T) Ports {
	t.Helper()
	var p Ports
	for _, port := range p.all() {
		*port = FreePort(t)
	}
	return p
}

func (p *Ports) all() map[string]*int {
	return map[string]*int{
		"WEBHOOK": &p.Webhook, "LOKI": &p.Loki, "LOKI_GRPC": &p.LokiGRPC, "OTLP_GRPC": &p.OTLPGRPC, "OTLP_HTTP": &p.OTLPHTTP,
		"HEALTH": &p.Health, "TELEMETRY": &p.Telemetry, "PAGE": &p.Page, "METRICS": &p.Metrics,
	}
}

// Environment returns the variables that move the ports.
func (p *Ports) Environment() map[string]string {
	env := map[string]string{}
	for name, port := range p.all() {
		env["INTEGRATIONLOG_"+name+"_PORT"] = strconv.Itoa(*port)
	}
	return env
}

// Installation is the all-in-one as somebody has set it up. It outlives its processes.
type Installation struct {
	// Binary is what runs.
	Binary string
	// Args are its arguments; none means the embedded configuration.
	Args []string
	// Env is its environment.
	Env map[string]string
	// Directory is its data directory.
	Directory string
	// Ports are where it listens.
	Ports Ports
	// Shop posts to it.
	Shop *Shop
	// Loki reads what it stored.
	Loki *Loki

	processes []*Process
}

// NewInstallation returns an all-in-one with all products switched on, an empty
// data directory and ports of its own. Its processes' output is shown if the test fails.
func NewInstallation(t *testing.T, binary string) *Installation {
	t.Helper()
	i := &Installation{Binary: binary, Directory: filepath.Join(t.TempDir(), "data"), Ports: NewPorts(t)}
	i.Shop = NewShop(url(i.Ports.Webhook)+"/shopify", "secret-of-the-shop")
	i.Loki = NewLoki(url(i.Ports.Loki))
	i.Env = i.Ports.Environment()
	i.Env["INTEGRATIONLOG_DATA_DIR"] = i.Directory
	i.Env["SHOPIFY_WEBHOOK_SECRET"] = i.Shop.Secret
	for _, pushed := range PushedProducts {
		i.Env[pushed.Variable] = pushed.Secret
	}
	t.Cleanup(func() {
		if t.Failed() {
			i.show(t)
		}
	})
	return i
}

// Configure makes the installation run the shipped all-in-one configuration with
// changes: YAML documents that are merged into it, in their order.
func (i *Installation) Configure(changes ...string) {
	i.Args = []string{"--config", "file:" + filepath.Join(Repository(), "config", "all-in-one.yaml")}
	for _, change := range changes {
		i.Args = append(i.Args, "--config", "yaml:"+change)
	}
}

// Start starts a process and does not wait for it.
func (i *Installation) Start(t *testing.T) *Process {
	t.Helper()
	env := make([]string, 0, len(i.Env))
	for _, name := range slices.Sorted(maps.Keys(i.Env)) {
		env = append(env, name+"="+i.Env[name])
	}
	p := Start(t, Command{Path: i.Binary, Args: i.Args, Env: env, Dir: t.TempDir()})
	i.processes = append(i.processes, p)
	t.Cleanup(func() {
		if t.Failed() && !p.HasEnded() {
			i.showMetrics(t)
		}
	})
	return p
}

// Run starts a process and waits until it takes webhooks. It returns how long that
// took.
func (i *Installation) Run(t *testing.T) (*Process, time.Duration) {
	t.Helper()
	p := i.Start(t)
	i.AwaitReady(t, p)
	return p, time.Since(p.Began)
}

// AwaitReady waits until the process is healthy and takes webhooks, and fails the test
// if it ends instead.
func (i *Installation) AwaitReady(t *testing.T, p *Process) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		select {
		case <-p.Done():
			cancel() // in vain to wait any longer
		case <-ctx.Done():
		}
	}()
	err := Retry(ctx, readyTimeout, func(ctx context.Context) error { return i.ready(ctx) })
	require.False(t, p.HasEnded(), "the process has ended before it was ready")
	require.NoError(t, err, "ready within %s", readyTimeout)
}

// ready returns nil once the health endpoint answers 200 and the webhooks' port
// answers at all.
func (i *Installation) ready(ctx context.Context) error {
	if err := i.Healthy(ctx); err != nil {
		return err
	}
	_, err := get(ctx, i.Shop.URL)
	return err
}

// Health returns the status that the health endpoint answers.
func (i *Installation) Health(ctx context.Context) (code int, err error) {
	return get(ctx, url(i.Ports.Health))
}

// Healthy returns nil if the health endpoint answers 200.
func (i *Installation) Healthy(ctx context.Context) error {
	code, err := i.Health(ctx)
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("health: status %d", code)
	}
	return err
}

// Metrics returns what the process counts of itself.
func (i *Installation) Metrics(ctx context.Context) (Metrics, error) {
	return ReadMetrics(ctx, i.TelemetryURL())
}

// TelemetryURL is where it shows what it counts of itself.
func (i *Installation) TelemetryURL() string { return url(i.Ports.Telemetry) + "/metrics" }

// ActivityMetrics returns what it has counted of activities.
func (i *Installation) ActivityMetrics(ctx context.Context) (Metrics, error) {
	return ReadMetrics(ctx, i.ActivityMetricsURL())
}

// ActivityMetricsURL is where it shows what it has counted of activities.
func (i *Installation) ActivityMetricsURL() string { return url(i.Ports.Metrics) + "/metrics" }

// ReadText returns what an address of the installation answers.
func (*Installation) ReadText(t *testing.T, address string) string {
	t.Helper()
	response, err := do(t.Context(), http.MethodGet, address)
	require.NoError(t, err)
	text, err := body(response)
	require.NoError(t, err)
	return string(text)
}

// LokiMetrics returns what its Loki counts.
func (i *Installation) LokiMetrics(ctx context.Context) (Metrics, error) {
	return ReadMetrics(ctx, i.Loki.URL+"/metrics")
}

// AwaitEmptyQueue waits until everything that was accepted has been delivered.
func (i *Installation) AwaitEmptyQueue(t *testing.T, within time.Duration) {
	t.Helper()
	Eventually(t, within, func(ctx context.Context) error {
		m, err := i.Metrics(ctx)
		if err != nil {
			return err
		}
		return m.Idle()
	})
}

// Processes returns all its processes, oldest first.
func (i *Installation) Processes() []*Process { return i.processes }

func (i *Installation) show(t *testing.T) {
	t.Helper()
	for _, p := range i.processes[max(0, len(i.processes)-shownProcesses):] {
		p.show(t)
	}
}
