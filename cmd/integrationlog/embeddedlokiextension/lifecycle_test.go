// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"
	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestReadyInTime(t *testing.T) {
	// The best of three: whatever else this machine does slows Loki down too.
	fastest := time.Hour
	for range 3 {
		began := time.Now()
		ext, loki := startLoki(t, testConfig(t.TempDir()))
		took := time.Since(began)
		t.Logf("ready after %s", took)
		fastest = min(fastest, took)

		status, body := loki.get(t, "/ready")
		assert.Equal(t, http.StatusOK, status, body)
		loki.push(t, happened("at once", 0))
		assert.Equal(t, 1, loki.count(t), "a query is answered at once")
		stopLoki(t, ext)
	}
	assert.Less(t, fastest, 3*time.Second)
}

func TestRestartInOneProcess(t *testing.T) {
	cfg := testConfig(t.TempDir())
	port, err := freePort(t.Context(), "127.0.0.1")
	require.NoError(t, err)
	cfg.HTTP.Endpoint = fmt.Sprintf("127.0.0.1:%d", port)
	records := []activity.Activity{happened("recent", time.Minute), happened("old", 3*day)}

	for round := range 3 {
		ext, loki := startLoki(t, cfg)
		if round > 0 {
			assert.ElementsMatch(t, []string{"recent", "old"}, loki.ids(t, all), "round %d", round)
		}
		loki.push(t, records...)
		assert.Equal(t, 2, loki.count(t), "round %d: sent again, and known again", round)

		began := time.Now()
		stopLoki(t, ext)
		t.Logf("stopped after %s", time.Since(began))
		require.NoError(t, checkPort(t.Context(), "http", "127.0.0.1", port), "the port is free")
		lock, err := lockDirectory(cfg.Directory, "directory")
		require.NoError(t, err, "the directory is free")
		require.NoError(t, lock.Unlock())
	}
}

func TestOneInAProcess(t *testing.T) {
	startLoki(t, testConfig(t.TempDir()))
	cfg := testConfig(t.TempDir())
	second := newEmbeddedLoki(cfg, zap.NewNop())
	require.ErrorIs(t, second.Start(t.Context(), componenttest.NewNopHost()), lokirun.ErrAlreadyRunning)
	require.NoError(t, second.Shutdown(t.Context()))
	lock, err := lockDirectory(cfg.Directory, "directory")
	require.NoError(t, err, "nothing is left of it")
	require.NoError(t, lock.Unlock())
}

func TestDirectoryInUse(t *testing.T) {
	cfg := testConfig(t.TempDir())
	_, loki := startLoki(t, cfg)
	other := testConfig(cfg.Directory)
	err := newEmbeddedLoki(other, zap.NewNop()).Start(t.Context(), componenttest.NewNopHost())
	require.ErrorContains(t, err, fmt.Sprintf("directory %q is in use by another process", cfg.Directory))

	status, _ := loki.get(t, "/ready")
	assert.Equal(t, http.StatusOK, status, "the first one goes on")
}

func TestDirectoryThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	tests := map[string]struct{ directory, message string }{
		"is a file":      {file, "cannot be created"},
		"below a file":   {filepath.Join(file, "loki"), "cannot be created"},
		"is not on disk": {"/proc/self/loki", "cannot be created"},
		"is read-only":   {"/proc/self", "cannot be written"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := newEmbeddedLoki(testConfig(test.directory), zap.NewNop()).Start(t.Context(), componenttest.NewNopHost())
			require.ErrorContains(t, err, fmt.Sprintf("directory %q %s", test.directory, test.message))
			require.ErrorContains(t, err, "name")
		})
	}
}

func TestPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { assert.NoError(t, taken.Close()) }()
	for _, setting := range []string{"http.endpoint", "grpc.endpoint"} {
		t.Run(setting, func(t *testing.T) {
			cfg := testConfig(t.TempDir())
			listener := &cfg.HTTP
			if setting == "grpc.endpoint" {
				listener = &cfg.GRPC
			}
			listener.Endpoint = taken.Addr().String()
			ext := newEmbeddedLoki(cfg, zap.NewNop())
			err := ext.Start(t.Context(), componenttest.NewNopHost())
			require.ErrorContains(t, err, setting+": Loki cannot listen on "+taken.Addr().String())
			require.ErrorContains(t, err, "address already in use")
			require.NoError(t, ext.Shutdown(t.Context()))

			listener.Endpoint = "127.0.0.1:0"
			_, loki := startLoki(t, cfg)
			status, _ := loki.get(t, "/ready")
			assert.Equal(t, http.StatusOK, status, "nothing is left of the failed start")
		})
	}
}

func TestOwnConfigFile(t *testing.T) {
	cfg := testConfig("not used")
	directory := t.TempDir()
	cfg.ConfigFile = ownConfigFile(t, "testdata/loki/own.yaml", directory)
	_, loki := startLoki(t, cfg)
	loki.push(t, happened("a", time.Minute))
	assert.Contains(t, loki.labels(t), "service_name")
	assert.NotContains(t, loki.labels(t), "product", "this file does not make it one")
	assert.FileExists(t, filepath.Join(directory, lockName))
	assert.NoDirExists(t, "not used")
}

// ownConfigFile copies a configuration file of Loki with the directory and free
// ports in it.
func ownConfigFile(t *testing.T, name, directory string, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	pairs := []string{"data/own", directory, "data/loki", directory, "/var/lib/loki", directory}
	for _, stock := range []string{"3100", "9095"} {
		port, err := freePort(t.Context(), "127.0.0.1")
		require.NoError(t, err)
		pairs = append(pairs, stock, fmt.Sprint(port))
	}
	for i := 0; i < len(replace); i += 2 {
		require.Contains(t, string(text), replace[i], "there is something to replace")
	}
	file := filepath.Join(t.TempDir(), "loki.yaml")
	changed := strings.NewReplacer(append(replace, pairs...)...).Replace(string(text))
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	return file
}

// statusHost keeps the events that a component reports.
type statusHost struct {
	component.Host
	events chan *componentstatus.Event
}

// Report implements componentstatus.Reporter.
func (h *statusHost) Report(event *componentstatus.Event) { h.events <- event }

func TestLokiStopsByItself(t *testing.T) {
	cfg := testConfig(t.TempDir())
	ext := newEmbeddedLoki(cfg, zap.NewNop())
	host := &statusHost{Host: componenttest.NewNopHost(), events: make(chan *componentstatus.Event, 1)}
	require.NoError(t, ext.Start(t.Context(), host))
	httpAddr, _ := ext.instance.Addresses()
	lokiClient("http://"+httpAddr.String()).do(t, http.MethodPost, "/ingester/shutdown?terminate=true&flush=false", "", nil)

	select {
	case event := <-host.events:
		assert.Equal(t, componentstatus.StatusFatalError, event.Status())
		require.ErrorContains(t, event.Err(), "the embedded Loki stopped by itself")
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was told")
	}
	require.NoError(t, ext.Shutdown(t.Context()))
	startLoki(t, cfg)
}

func TestShutdownIsBounded(t *testing.T) {
	cfg := testConfig(t.TempDir())
	ext, _ := startLoki(t, cfg)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, ext.Shutdown(ended), context.Canceled)
	// It stops all the same, and a second call waits for it.
	stopLoki(t, ext)
	startLoki(t, cfg)
}

func TestMetricsOfEveryStart(t *testing.T) {
	cfg := testConfig(t.TempDir())
	for range 2 {
		ext, loki := startLoki(t, cfg)
		status, _ := loki.tryPush(t, activity.NewLogs(testScope, happened("too old", 20*day)))
		require.Equal(t, http.StatusBadRequest, status)
		status, metrics := loki.get(t, "/metrics")
		require.Equal(t, http.StatusOK, status, metrics)
		assert.Contains(t, metrics, "loki_ingester_memory_streams", "registered at the start of Loki")
		assert.Regexp(t, `loki_discarded_samples_total\{.*reason="greater_than_max_sample_age".*\} [1-9]`, metrics, "registered at the start of the process")
		stopLoki(t, ext)
	}
}

func TestLokisLogIsTheCollectorsLog(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	ext, loki := startLokiWithLogger(t, testConfig(t.TempDir()), zap.New(core))
	_, _ = loki.tryPush(t, activity.NewLogs(testScope, happened("too old", 20*day)))
	stopLoki(t, ext)

	assert.Len(t, logs.FilterMessage("Loki is ready").All(), 1)
	assert.Len(t, logs.FilterMessage("Loki has stopped").All(), 1)
	rejected := logs.FilterMessage("write operation failed").All()
	require.NotEmpty(t, rejected)
	assert.Equal(t, zapcore.ErrorLevel, rejected[0].Level)
	for _, entry := range logs.All() {
		if entry.Message != rejected[0].Message {
			assert.Less(t, entry.Level, zapcore.WarnLevel, "a normal start and stop is quiet: %s %v", entry.Message, entry.ContextMap())
		}
	}
}

func TestLogLevelCannotBeChangedOverHTTP(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	status, body := loki.do(t, http.MethodPost, "/log_level?log_level=debug", "", nil)
	assert.Equal(t, http.StatusNotImplemented, status)
	assert.Contains(t, body, "service.telemetry.logs.level")
}

// A browser of this machine can reach it, and with it every site that is open there.
func TestOtherSitesCannotAskLoki(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	for name, test := range map[string]struct {
		method, path string
		change       func(*http.Request)
		want         int
	}{
		"a program":      {http.MethodGet, "/loki/api/v1/labels", func(*http.Request) {}, http.StatusOK},
		"Loki's own":     {http.MethodGet, "/ring", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }, http.StatusOK},
		"rebinding":      {http.MethodGet, "/loki/api/v1/labels", func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest},
		"a form":         {http.MethodPost, "/loki/api/v1/push", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, http.StatusForbidden},
		"a link":         {http.MethodGet, "/ingester/shutdown", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden},
		"another port":   {http.MethodPost, "/flush", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, http.StatusForbidden},
		"metrics":        {http.MethodGet, "/metrics", func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest},
		"no such place":  {http.MethodGet, "/nowhere", func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest},
		"another method": {http.MethodDelete, "/ring", func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), test.method, string(loki)+test.path, http.NoBody)
			require.NoError(t, err)
			request.Close = true
			test.change(request)
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, test.want, response.StatusCode)
		})
	}
	status, _ := loki.get(t, "/ready")
	assert.Equal(t, http.StatusOK, status)
}
