// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/metadata"
)

// described is a path that is answered without Loki.
const described = "/api/v1/openapi.yaml"

// host is a collector with some extensions; it keeps what is reported to it.
type host struct {
	extensions map[component.ID]component.Component

	mu     sync.Mutex
	events []*componentstatus.Event
}

func (h *host) GetExtensions() map[component.ID]component.Component { return h.extensions }

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, event)
}

func (h *host) reported() []*componentstatus.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.events
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

// lokiAway is where no Loki is.
func lokiAway(t *testing.T) string {
	t.Helper()
	return "http://" + freeAddress(t)
}

// hangingLoki takes queries and answers none. Asked tells of each.
func hangingLoki(t *testing.T) (url string, asked <-chan struct{}) {
	t.Helper()
	queries := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // then the server sees that the client leaves
		queries <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server.URL, queries
}

type option func(*Config)

func newPage(t *testing.T, set extension.Settings, options ...option) *logPage {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = freeAddress(t)
	cfg.Loki.Endpoint = lokiAway(t)
	for _, change := range options {
		change(cfg)
	}
	require.NoError(t, cfg.Validate())
	created, err := NewFactory().Create(t.Context(), set, cfg)
	require.NoError(t, err)
	return created.(*logPage)
}

// started returns where a page is that runs for the time of the test.
func started(t *testing.T, h *host, options ...option) string {
	t.Helper()
	l := newPage(t, extensiontest.NewNopSettings(metadata.Type), options...)
	require.NoError(t, l.Start(t.Context(), h))
	t.Cleanup(func() { require.NoError(t, l.Shutdown(context.Background())) })
	return "http://" + l.config.ServerConfig.NetAddr.Endpoint
}

// client keeps no connections, so that none is left over.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// got is an answer.
type got struct {
	status int
	header http.Header
	body   string
}

// get asks, with headers if there are any: name, value, name, value.
func get(t *testing.T, url string, headers ...string) got {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return got{response.StatusCode, response.Header, string(body)}
}
