// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"context"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configgrpc"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
)

// otelhttp's metrics are dropped below the level "detailed".
const otelhttp = "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

// startReceiver runs the product's receiver.
func startReceiver(tb testing.TB, p product, next consumer.Logs) string {
	tb.Helper()
	config := p.factory.CreateDefaultConfig()
	shared := p.configure(config)
	shared.ServerConfig.NetAddr.Endpoint = freeAddress(tb)
	start(tb, p.factory, config, next)
	return shared.ServerConfig.NetAddr.Endpoint
}

// startOTLP runs the collector's own receiver, over HTTP.
func startOTLP(tb testing.TB, next consumer.Logs) string {
	tb.Helper()
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*otlpreceiver.Config)
	config.Protocols.GRPC = configoptional.None[configgrpc.ServerConfig]()
	address := freeAddress(tb)
	config.Protocols.HTTP.GetOrInsertDefault().ServerConfig.NetAddr.Endpoint = address
	start(tb, factory, config, next)
	return address
}

// otlpRequest is the records that the product's receiver makes of its request, as
// OTLP/JSON. Where the sender has no id, the receiver makes one up, and it stays.
func otlpRequest(tb testing.TB, p product, r request) request {
	tb.Helper()
	sink := new(consumertest.LogsSink)
	c := dial(tb, startReceiver(tb, p, sink), r)
	c.ids = nil // so that the placeholders stay
	code, err := c.post()
	require.NoError(tb, err)
	require.Equal(tb, http.StatusOK, code)
	require.Equal(tb, r.records, sink.LogRecordCount())
	body, err := (&plog.JSONMarshaler{}).MarshalLogs(sink.AllLogs()[0])
	require.NoError(tb, err)
	return request{path: "/v1/logs", body: body, records: r.records}
}

func start(tb testing.TB, factory receiver.Factory, config component.Config, next consumer.Logs) {
	tb.Helper()
	settings := receivertest.NewNopSettings(factory.Type())
	settings.TelemetrySettings = telemetry(tb)
	r, err := factory.CreateLogs(tb.Context(), settings, config, next)
	require.NoError(tb, err)
	require.NoError(tb, r.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, r.Shutdown(context.Background())) })
}

// telemetry measures as a collector does that nobody has configured otherwise: its
// own metrics, none of otelhttp's, no traces, no log lines.
func telemetry(tb testing.TB) component.TelemetrySettings {
	tb.Helper()
	settings := componenttest.NewNopTelemetrySettings()
	provider := sdkmetric.NewMeterProvider(
		sdkmetric.WithReader(sdkmetric.NewManualReader()),
		sdkmetric.WithView(sdkmetric.NewView(
			sdkmetric.Instrument{Scope: instrumentation.Scope{Name: otelhttp}},
			sdkmetric.Stream{Aggregation: sdkmetric.AggregationDrop{}},
		)),
	)
	tb.Cleanup(func() { require.NoError(tb, provider.Shutdown(context.Background())) })
	settings.MeterProvider = provider
	return settings
}

func freeAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	defer func() { require.NoError(tb, listener.Close()) }()
	return listener.Addr().String()
}
