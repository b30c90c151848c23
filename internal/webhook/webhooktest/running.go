// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/internal/webhook"
)

// shutdownTimeout bounds how long a receiver may take to stop.
const shutdownTimeout = 10 * time.Second

// Subject is a receiver as it is to be checked.
type Subject struct {
	Factory receiver.Factory
	// Config is the receiver's, and Shared the part of it that all receivers have.
	Config component.Config
	Shared *webhook.Config
}

// Running is a receiver that runs, and what it says.
type Running struct {
	// URL is where it takes webhooks.
	URL string
	// Sink has its records, unless they were to go elsewhere.
	Sink *consumertest.LogsSink
	// Log is what it logs.
	Log *observer.ObservedLogs

	telemetry *componenttest.Telemetry
	client    *http.Client
}

// FreeAddress returns an address that nobody listens on.
func FreeAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	defer func() { require.NoError(tb, listener.Close()) }()
	return listener.Addr().String()
}

// Start runs a receiver on an address of its own until the test ends. Without next it
// hands over to the sink.
func Start(tb testing.TB, subject Subject, next consumer.Logs) *Running {
	tb.Helper()
	subject.Shared.ServerConfig.NetAddr.Endpoint = FreeAddress(tb)
	r, created := create(tb, subject, next)
	require.NoError(tb, created.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
		defer cancel()
		require.NoError(tb, created.Shutdown(ctx))
	})
	return r
}

// create makes a receiver that does not run yet.
func create(tb testing.TB, subject Subject, next consumer.Logs) (*Running, receiver.Logs) {
	tb.Helper()
	core, log := observer.New(zapcore.DebugLevel)
	r := &Running{
		URL:       "http://" + subject.Shared.ServerConfig.NetAddr.Endpoint + subject.Shared.Path,
		Sink:      new(consumertest.LogsSink),
		Log:       log,
		telemetry: componenttest.NewTelemetry(),
		client:    &http.Client{Transport: &http.Transport{}},
	}
	if next == nil {
		next = r.Sink
	}
	settings := receivertest.NewNopSettings(subject.Factory.Type())
	settings.TelemetrySettings = r.telemetry.NewTelemetrySettings()
	settings.Logger = zap.New(core)
	created, err := subject.Factory.CreateLogs(tb.Context(), settings, subject.Config, next)
	require.NoError(tb, err)
	tb.Cleanup(func() {
		r.client.CloseIdleConnections()
		require.NoError(tb, r.telemetry.Shutdown(context.WithoutCancel(tb.Context())))
	})
	return r, created
}

// Said is everything that the receiver has logged and measured.
func (r *Running) Said(tb testing.TB) string {
	tb.Helper()
	var text strings.Builder
	for _, entry := range r.Log.All() {
		fmt.Fprintln(&text, entry.Level, entry.Message, entry.ContextMap())
	}
	var measured metricdata.ResourceMetrics
	require.NoError(tb, r.telemetry.Reader.Collect(tb.Context(), &measured))
	fmt.Fprintf(&text, "%+v\n", measured)
	return text.String()
}

// Sum returns the sum of a counter over all its attributes but those that are given.
func (r *Running) Sum(tb testing.TB, name string, attributes ...attribute.KeyValue) (sum int64) {
	tb.Helper()
	var measured metricdata.ResourceMetrics
	require.NoError(tb, r.telemetry.Reader.Collect(tb.Context(), &measured))
	for _, scope := range measured.ScopeMetrics {
		for _, metric := range scope.Metrics {
			data, ok := metric.Data.(metricdata.Sum[int64])
			if metric.Name != name || !ok {
				continue
			}
			for i := range data.DataPoints {
				if hasAll(data.DataPoints[i].Attributes, attributes) {
					sum += data.DataPoints[i].Value
				}
			}
		}
	}
	return sum
}

func hasAll(set attribute.Set, wanted []attribute.KeyValue) bool {
	for _, kv := range wanted {
		if value, ok := set.Value(kv.Key); !ok || value != kv.Value {
			return false
		}
	}
	return true
}
