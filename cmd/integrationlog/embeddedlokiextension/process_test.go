// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"
)

// configVariable holds the configuration for TestCollectorProcess, and makes the
// test binary a collector.
const configVariable = "EMBEDDED_LOKI_TEST_CONFIG"

// TestCollectorProcess is no test: it is the collector that the tests of this file
// start as a process of its own, so that it can be sent signals and be killed.
func TestCollectorProcess(*testing.T) {
	config, ok := os.LookupEnv(configVariable)
	if !ok {
		return
	}
	if err := runCollector("yaml:" + config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:revive // deep-exit: it is the main of that process
	}
	os.Exit(0) //nolint:revive // deep-exit: as above
}

func runCollector(uri string) error {
	collector, err := otelcol.NewCollector(otelcol.CollectorSettings{
		BuildInfo: component.NewDefaultBuildInfo(),
		Factories: func() (factories otelcol.Factories, err error) {
			var errs [3]error
			factories.Receivers, errs[0] = otelcol.MakeFactoryMap[receiver.Factory](otlpreceiver.NewFactory())
			factories.Exporters, errs[1] = otelcol.MakeFactoryMap[exporter.Factory](otlphttpexporter.NewFactory())
			factories.Extensions, errs[2] = otelcol.MakeFactoryMap[extension.Factory](NewFactory())
			factories.Telemetry = otelconftelemetry.NewFactory()
			return factories, errors.Join(errs[:]...)
		},
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
			URIs:              []string{uri},
			ProviderFactories: []confmap.ProviderFactory{yamlprovider.NewFactory()},
		}},
	})
	if err != nil {
		return err
	}
	return collector.Run(context.Background())
}

// process is a collector in a process of its own: it takes OTLP at intake, keeps it
// in a queue in memory, and stores it in the embedded Loki at loki.
type process struct {
	command      *exec.Cmd
	output       syncBuffer
	exited       chan struct{}
	intake, loki lokiClient
}

// processConfig says how a process is to run; its ports are its own.
type processConfig struct {
	directory  string
	configFile string // of Loki, instead of the built-in one
	// readyTimeout is the default unless it is set.
	readyTimeout time.Duration
}

func startProcess(t *testing.T, cfg processConfig) *process {
	t.Helper()
	p := launchProcess(t, cfg)
	require.Eventually(t, func() bool { return p.ready() || p.hasExited() }, 30*time.Second, 20*time.Millisecond)
	require.False(t, p.hasExited(), p.output.String())
	return p
}

// launchProcess returns at once.
func launchProcess(t *testing.T, cfg processConfig) *process {
	t.Helper()
	var ports [3]int
	for i := range ports {
		var err error
		ports[i], err = freePort(t.Context(), "127.0.0.1")
		require.NoError(t, err)
	}
	lokiPort := ports[0]
	if cfg.configFile != "" {
		lokiPort = portOfFile(t, cfg.configFile)
	}
	config := fmt.Sprintf(`
extensions:
  embedded_loki:
    directory: %q
    config_file: %q
    ready_timeout: %s
    http: {endpoint: "127.0.0.1:%d"}
    grpc: {endpoint: "127.0.0.1:%d"}
receivers:
  otlp:
    protocols: {http: {endpoint: "127.0.0.1:%d"}}
exporters:
  otlp_http:
    logs_endpoint: "http://127.0.0.1:%d/otlp/v1/logs"
    sending_queue: {queue_size: 100000, num_consumers: 4}
service:
  extensions: [embedded_loki]
  pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}
  telemetry: {metrics: {level: none}}
`, cfg.directory, cfg.configFile, cmp.Or(cfg.readyTimeout, time.Minute), ports[0], ports[1], ports[2], lokiPort)

	p := &process{
		exited: make(chan struct{}),
		intake: lokiClient(fmt.Sprintf("http://127.0.0.1:%d", ports[2])),
		loki:   lokiClient(fmt.Sprintf("http://127.0.0.1:%d", lokiPort)),
	}
	binary, err := os.Executable()
	require.NoError(t, err)
	p.command = exec.Command(binary, "-test.run=^TestCollectorProcess$")
	p.command.Env = append(os.Environ(), configVariable+"="+config)
	p.command.Stdout, p.command.Stderr = &p.output, &p.output
	require.NoError(t, p.command.Start())
	go func() {
		defer close(p.exited)
		_ = p.command.Wait() // the tests ask for the exit code themselves
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill()
		<-p.exited
		if t.Failed() {
			t.Logf("output of the process:\n%s", p.output.String())
		}
	})
	return p
}

// ready tells whether the intake listens; it is the last to do so.
func (p *process) ready() bool { return p.intake.listens() }

// lokiListens tells whether Loki takes connections, be it ready or not.
func (p *process) lokiListens() bool { return p.loki.listens() }

func (c lokiClient) listens() bool {
	connection, err := net.DialTimeout("tcp", strings.TrimPrefix(string(c), "http://"), time.Second)
	if err != nil {
		return false
	}
	return connection.Close() == nil
}

// portOfFile returns the port of HTTP in a configuration file of Loki.
func portOfFile(t *testing.T, name string) int {
	t.Helper()
	cfg := &Config{ConfigFile: name}
	loaded, err := cfg.load(t.Context())
	require.NoError(t, err)
	return loaded.Server.HTTPListenPort
}

func (p *process) hasExited() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

func (p *process) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	require.NoError(t, p.command.Process.Signal(s))
}

// awaitExit returns the exit code.
func (p *process) awaitExit(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(60 * time.Second):
		require.Fail(t, "the process does not end", p.output.String())
	}
	return p.command.ProcessState.ExitCode()
}

func (p *process) stop(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	require.Equal(t, 0, p.awaitExit(t), p.output.String())
}

// syncBuffer is written by a process while a test reads it.
type syncBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// String returns what was written so far.
func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
