// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/metadata"
)

func points(byReason map[string]int64) []metricdata.DataPoint[int64] {
	var all []metricdata.DataPoint[int64]
	for reason, count := range byReason {
		all = append(all, metricdata.DataPoint[int64]{Value: count, Attributes: attribute.NewSet(attribute.String("reason", reason))})
	}
	return all
}

func TestLokiAwayIsSaid(t *testing.T) {
	url := started(t, &host{})
	for path, want := range map[string]int{
		"/": 503, "/errors": 503, "/sources": 503, "/api/v1/activities": 503, "/api/v1/products": 503, "/api/v1/export?format=csv": 503,
		described: 200, "/api/v1/none": 404, "/none": 404,
	} {
		assert.Equal(t, want, get(t, url+path).status, path)
	}
	answer := get(t, url+"/?product=shopify&q=kept")
	assert.Contains(t, answer.body, "Loki")
	assert.Contains(t, answer.body, "kept", "the filter stays")
}

func TestLokiThatIsSlowIsSaid(t *testing.T) {
	loki, _ := hangingLoki(t)
	url := started(t, &host{}, func(c *Config) {
		c.Loki.Endpoint = loki
		c.Loki.Timeout = 100 * time.Millisecond
	})
	assert.Equal(t, http.StatusGatewayTimeout, get(t, url+"/api/v1/activities").status)
}

func TestNothingOfASearchIsLogged(t *testing.T) {
	core, logs := observer.New(zapcore.InfoLevel)
	set := extensiontest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	l := newPage(t, set)
	require.NoError(t, l.Start(t.Context(), &host{}))
	url := "http://" + l.config.ServerConfig.NetAddr.Endpoint
	for _, path := range []string{"/", "/errors", "/api/v1/activities", "/api/v1/export"} {
		get(t, url+path+"?format=csv&q=canary")
		get(t, url+path+"?q=canary", "Host", "canary.example")
	}
	get(t, url+"/api/v1/activities?q=canary")
	require.NoError(t, l.Shutdown(t.Context()))
	require.NotEmpty(t, logs.All())
	for _, entry := range logs.All() {
		assert.NotContains(t, entry.Message, "canary")
		for _, field := range entry.Context {
			assert.NotContains(t, field.String, "canary")
			if err, ok := field.Interface.(error); ok {
				assert.NotContains(t, err.Error(), "canary")
			}
		}
	}
}

func TestShutdownEndsWhatIsUnderWay(t *testing.T) {
	loki, asked := hangingLoki(t)
	l := newPage(t, extensiontest.NewNopSettings(metadata.Type), func(c *Config) { c.Loki.Endpoint = loki })
	require.NoError(t, l.Start(t.Context(), &host{}))
	url := "http://" + l.config.ServerConfig.NetAddr.Endpoint
	ended := make(chan string, 3)
	for _, path := range []string{"/api/v1/export?format=csv", "/api/v1/activities", "/tail/events"} {
		go func() {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, http.NoBody)
			assert.NoError(t, err)
			response, err := client.Do(request)
			if err == nil {
				_, _ = io.Copy(io.Discard, response.Body)
				assert.NoError(t, response.Body.Close())
			}
			ended <- path
		}()
	}
	for range 3 {
		<-asked
	}
	began := time.Now()
	require.NoError(t, l.Ready())
	require.NoError(t, l.NotReady(), "before anything else of the collector ends")
	assert.Less(t, time.Since(began), shutdownPatience, "they end because they are told to")
	for range 3 {
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("an answer goes on")
		}
	}
	require.NoError(t, l.Shutdown(t.Context()))
	require.NoError(t, l.Shutdown(t.Context()), "twice")
}

func TestAListenerThatFailsIsReported(t *testing.T) {
	l := newPage(t, extensiontest.NewNopSettings(metadata.Type))
	h := &host{}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l.serve(h, &http.Server{ReadHeaderTimeout: time.Second}, listener)
	require.NoError(t, listener.Close())
	require.Eventually(t, func() bool { return len(h.reported()) == 1 }, 10*time.Second, time.Millisecond)
	event := h.reported()[0]
	assert.Equal(t, componentstatus.StatusPermanentError, event.Status())
	require.ErrorContains(t, event.Err(), "endpoint "+l.config.ServerConfig.NetAddr.Endpoint)
	require.NoError(t, l.Shutdown(t.Context()))
	assert.Len(t, h.reported(), 1)
}

func TestAPortInUseIsExplained(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	l := newPage(t, extensiontest.NewNopSettings(metadata.Type), func(c *Config) { c.ServerConfig.NetAddr.Endpoint = listener.Addr().String() })
	err = l.Start(t.Context(), &host{})
	require.ErrorContains(t, err, "endpoint "+listener.Addr().String()+" cannot be opened: set endpoint to a free address, or stop what has it")
	require.NoError(t, l.Shutdown(t.Context()))
}

func TestWhatAuthenticatesHasToBeThere(t *testing.T) {
	l := newPage(t, extensiontest.NewNopSettings(metadata.Type), withAuth(component.MustNewID("basicauth")))
	require.ErrorContains(t, l.Start(t.Context(), &host{extensions: map[component.ID]component.Component{}}), "basicauth")
	require.NoError(t, l.Shutdown(t.Context()))
}

func TestThePageKnowsHowReceiversDo(t *testing.T) {
	l := newPage(t, extensiontest.NewNopSettings(metadata.Type), func(c *Config) { c.ProductsOff = map[string][]string{"shopify": {"SHOPIFY_WEBHOOK_SECRET"}} })
	l.ComponentStatusChanged(componentstatus.NewInstanceID(component.MustNewID("zis"), component.KindReceiver, pipeline.NewID(pipeline.SignalLogs)),
		componentstatus.NewPermanentErrorEvent(errors.New("the secret was revoked")))
	require.NoError(t, l.Start(t.Context(), &host{}))
	answer := get(t, "http://"+l.config.ServerConfig.NetAddr.Endpoint+"/sources")
	assert.Contains(t, answer.body, "the secret was revoked")
	assert.Contains(t, answer.body, "SHOPIFY_WEBHOOK_SECRET")
	require.NoError(t, l.Shutdown(context.Background()))
}

func TestAnAddressThatLeadsNowhereCostsALink(t *testing.T) {
	core, logs := observer.New(zapcore.InfoLevel)
	set := extensiontest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	l := newPage(t, set, func(c *Config) { c.Links.Zendesk = "http://127.0.0.1:8123" })
	require.NoError(t, l.Start(t.Context(), &host{}))
	require.NoError(t, l.Shutdown(t.Context()))
	assert.Equal(t, 1, logs.FilterMessage("Some details have no link").Len())
}
