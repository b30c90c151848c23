// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
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

	"github.com/integrationlog/integrationlog/internal/webhook"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver"
)

const (
	secret = "the secret of the shop"
	// otelhttp's metrics are dropped below the level "detailed".
	otelhttp = "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

// webhookRequest is a signed webhook of 1 KiB.
func webhookRequest(path string) request {
	const beginning = `{"id":5550001112223334446,"admin_graphql_api_id":"gid://shopify/Order/5550001112223334446","created_at":"2026-11-03T10:00:00+01:00",` +
		`"currency":"EUR","email":"somebody@example.com","financial_status":"paid","fulfillment_status":null,"name":"#1001","order_number":1001,` +
		`"total_price":"94.80","updated_at":"2026-11-03T10:00:02+01:00","customer":{"id":7011223344556677889,"state":"enabled","tags":"regular"},` +
		`"line_items":[{"id":4433221100998877665,"name":"Teapot, cast iron","price":"89.90","quantity":1,"sku":"TEA-01","properties":[]}],"note":"`
	body := []byte(beginning)
	body = append(body, bytes.Repeat([]byte("x"), 1024-len(body)-2)...)
	body = append(body, `"}`...)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return request{path: path, body: body, header: fmt.Sprintf(
		"X-Shopify-Hmac-Sha256: %s\r\nX-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: fern-and-flint.myshopify.com\r\n"+
			"X-Shopify-API-Version: 2026-10\r\nX-Shopify-Webhook-Id: b54557e4-bdd9-4b37-%s\r\n"+
			"X-Shopify-Event-Id: 59d6d79c-595f-4e7e-bc6f-000000000001\r\nX-Shopify-Triggered-At: 2026-11-03T09:00:03.877041743Z\r\n",
		base64.StdEncoding.EncodeToString(mac.Sum(nil)), placeholder,
	)}
}

// startBare runs a handler that reads the body and checks the signature: what no
// receiver of webhooks can do without.
func startBare(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		given, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Shopify-Hmac-Sha256"))
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		if err != nil || !hmac.Equal(mac.Sum(nil), given) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	tb.Cleanup(func() {
		require.NoError(tb, server.Close())
		require.ErrorIs(tb, <-served, http.ErrServerClosed)
	})
	return listener.Addr().String()
}

// startWebhook runs the Shopify receiver.
func startWebhook(tb testing.TB, next consumer.Logs) string {
	tb.Helper()
	factory := shopifyreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*shopifyreceiver.Config)
	config.Secrets = webhook.Secrets(secret)
	config.Config.ServerConfig.NetAddr.Endpoint = freeAddress(tb)
	start(tb, factory, config, next)
	return config.Config.ServerConfig.NetAddr.Endpoint
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

// otlpRequest is the record that the Shopify receiver makes of the webhook, as
// OTLP/JSON.
func otlpRequest(tb testing.TB) request {
	tb.Helper()
	sink := new(consumertest.LogsSink)
	c := dial(tb, startWebhook(tb, sink), webhookRequest("/shopify"))
	c.id = nil // so that the placeholder stays
	code, err := c.post()
	require.NoError(tb, err)
	require.Equal(tb, http.StatusOK, code)
	body, err := (&plog.JSONMarshaler{}).MarshalLogs(sink.AllLogs()[0])
	require.NoError(tb, err)
	require.Contains(tb, string(body), placeholder)
	return request{path: "/v1/logs", body: body}
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
