// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package hostcheckextension

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configmiddleware"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/collector-components/hostcheckextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/hostcheckextension/internal/metadatatest"
)

// server is one as otlpreceiver has it, with the extension before it.
type server struct {
	URL       string
	logs      *observer.ObservedLogs
	telemetry *componenttest.Telemetry
}

func serve(t *testing.T, endpoint string, allowed ...string) *server {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	s := &server{logs: logs, telemetry: componenttest.NewTelemetry()}
	set := extensiontest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = s.telemetry.NewTelemetrySettings()
	set.Logger = zap.New(core)
	factory := NewFactory()
	config := factory.CreateDefaultConfig().(*Config)
	config.AllowedHosts = allowed
	require.NoError(t, config.Validate())
	extension, err := factory.Create(t.Context(), set, config)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))

	settings := confighttp.NewDefaultServerConfig()
	settings.NetAddr = confignet.AddrConfig{Endpoint: endpoint, Transport: confignet.TransportTypeTCP}
	settings.Middlewares = []configmiddleware.Config{{ID: component.NewID(metadata.Type)}}
	listener, err := settings.ToListener(t.Context())
	require.NoError(t, err)
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	httpServer, err := settings.ToServer(t.Context(), map[component.ID]component.Component{component.NewID(metadata.Type): extension}, set.TelemetrySettings, handler)
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		assert.ErrorIs(t, httpServer.Serve(listener), http.ErrServerClosed)
	}()
	t.Cleanup(func() {
		require.NoError(t, httpServer.Close())
		<-done
		require.NoError(t, extension.Shutdown(context.WithoutCancel(t.Context())))
		require.NoError(t, s.telemetry.Shutdown(context.WithoutCancel(t.Context())))
	})
	s.URL = "http://" + listener.Addr().String()
	return s
}

func (s *server) ask(t *testing.T, name string) (code int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/v1/logs", http.NoBody)
	require.NoError(t, err)
	request.Host = name
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode, string(content)
}

func TestNamesOfThisMachine(t *testing.T) {
	s := serve(t, "127.0.0.1:0", "Collector.Example")
	for _, name := range []string{"localhost", "localhost:4318", "LOCALHOST.", "127.0.0.1:4318", "[::1]:4318", "collector.example:4318"} {
		code, _ := s.ask(t, name)
		assert.Equal(t, http.StatusNoContent, code, name)
	}
	assert.Zero(t, s.logs.Len())
}

func TestOtherNames(t *testing.T) {
	s := serve(t, "127.0.0.1:0", "collector.example")
	names := []string{"evil.example", "evil.example:4318", "localhost.evil.example", "127.0.0.1.evil.example", "evil.collector.example", "0.0.0.0:4318"}
	for _, name := range names {
		code, body := s.ask(t, name)
		assert.Equal(t, http.StatusMisdirectedRequest, code, name)
		assert.Contains(t, body, "allowed_hosts", "it names the cure")
	}
	require.Equal(t, 1, s.logs.Len(), "who sends them does not fill the log")
	assert.Equal(t, "evil.example", s.logs.All()[0].ContextMap()["host"])
	metadatatest.AssertEqualHostCheckRefusedRequests(t, s.telemetry, []metricdata.DataPoint[int64]{{Value: int64(len(names))}}, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
}

// Other machines know this one under names that it does not know itself; they have to show a
// credential.
func TestOtherAddresses(t *testing.T) {
	for name, test := range map[string]struct {
		address net.Addr
		want    bool
	}{
		"another machine":  {&net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)}, false},
		"this machine":     {&net.TCPAddr{IP: net.IPv6loopback}, true},
		"its IPv4 in IPv6": {&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1).To16()}, true},
		"a socket":         {&net.UnixAddr{Name: "socket"}, true},
	} {
		request, err := http.NewRequestWithContext(context.WithValue(t.Context(), http.LocalAddrContextKey, test.address), http.MethodPost, "/", http.NoBody)
		require.NoError(t, err)
		assert.Equal(t, test.want, cameByLoopback(request), name)
	}
}

func TestAnEmptyName(t *testing.T) {
	require.ErrorContains(t, (&Config{AllowedHosts: []string{"a", ""}}).Validate(), "allowed_hosts: a name is empty")
}
