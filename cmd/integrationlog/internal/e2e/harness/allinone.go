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
func NewPorts(tb testing.TB) Ports {
	tb.Helper()
	var p Ports
	for _, port := range p.all() {
		*port = FreePort(tb)
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
func NewInstallation(tb testing.TB, binary string) *Installation {
	tb.Helper()
	i := &Installation{Binary: binary, Directory: filepath.Join(tb.TempDir(), "data"), Ports: NewPorts(tb)}
	i.Shop = NewShop(url(i.Ports.Webhook)+"/shopify", "secret-of-the-shop")
	i.Loki = NewLoki(url(i.Ports.Loki))
	i.Env = i.Ports.Environment()
	i.Env["INTEGRATIONLOG_DATA_DIR"] = i.Directory
	i.Env["SHOPIFY_WEBHOOK_SECRET"] = i.Shop.Secret
	for _, pushed := range PushedProducts {
		i.Env[pushed.Variable] = pushed.Secret
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			i.show(tb)
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
func (i *Installation) Start(tb testing.TB) *Process {
	tb.Helper()
	env := make([]string, 0, len(i.Env))
	for _, name := range slices.Sorted(maps.Keys(i.Env)) {
		env = append(env, name+"="+i.Env[name])
	}
	p := Start(tb, Command{Path: i.Binary, Args: i.Args, Env: env, Dir: tb.TempDir()})
	i.processes = append(i.processes, p)
	tb.Cleanup(func() {
		if tb.Failed() && !p.HasEnded() {
			i.showMetrics(tb)
		}
	})
	return p
}

// Run starts a process and waits until it takes webhooks. It returns how long that
// took.
func (i *Installation) Run(tb testing.TB) (*Process, time.Duration) {
	tb.Helper()
	p := i.Start(tb)
	i.AwaitReady(tb, p)
	return p, time.Since(p.Began)
}

// AwaitReady waits until the process is healthy and takes webhooks, and fails the test
// if it ends instead.
func (i *Installation) AwaitReady(tb testing.TB, p *Process) {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	defer cancel()
	go func() {
		select {
		case <-p.Done():
			cancel() // in vain to wait any longer
		case <-ctx.Done():
		}
	}()
	err := Retry(ctx, readyTimeout, func(ctx context.Context) error { return i.ready(ctx) })
	require.False(tb, p.HasEnded(), "the process has ended before it was ready")
	require.NoError(tb, err, "ready within %s", readyTimeout)
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
func (*Installation) ReadText(tb testing.TB, address string) string {
	tb.Helper()
	response, err := do(tb.Context(), http.MethodGet, address)
	require.NoError(tb, err)
	text, err := body(response)
	require.NoError(tb, err)
	return string(text)
}

// LokiMetrics returns what its Loki counts.
func (i *Installation) LokiMetrics(ctx context.Context) (Metrics, error) {
	return ReadMetrics(ctx, i.Loki.URL+"/metrics")
}

// AwaitEmptyQueue waits until everything that was accepted has been delivered.
func (i *Installation) AwaitEmptyQueue(tb testing.TB, within time.Duration) {
	tb.Helper()
	Eventually(tb, within, func(ctx context.Context) error {
		m, err := i.Metrics(ctx)
		if err != nil {
			return err
		}
		return m.Idle()
	})
}

// Processes returns all its processes, oldest first.
func (i *Installation) Processes() []*Process { return i.processes }

func (i *Installation) show(tb testing.TB) {
	tb.Helper()
	for _, p := range i.processes[max(0, len(i.processes)-shownProcesses):] {
		p.show(tb)
	}
}
