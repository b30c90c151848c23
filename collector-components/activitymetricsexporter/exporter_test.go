// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitymetricsexporter

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/metadatatest"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// freeAddress is one at which nobody listens just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}

func create(t *testing.T, factory exporter.Factory, set exporter.Settings, endpoint string, change ...func(*Config)) exporter.Logs {
	t.Helper()
	cfg := factory.CreateDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = endpoint
	for _, c := range change {
		c(cfg)
	}
	require.NoError(t, cfg.Validate())
	e, err := factory.CreateLogs(t.Context(), set, cfg)
	require.NoError(t, err)
	return e
}

func start(t *testing.T, e exporter.Logs) {
	t.Helper()
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, e.Shutdown(context.Background())) })
}

// get returns the status, the content type and the body of an answer.
func get(t *testing.T, method, url, accept string) (code int, contentType, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Accept", accept)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header.Get("Content-Type"), string(body)
}

func failedOrder(id string) plog.Logs {
	now := time.Now()
	return activity.NewLogs(activity.Scope{}, activity.Activity{
		ID: id, Product: activity.Shopify, Type: "order", Time: now, Observed: now, Status: activity.Error,
		Error: &activity.Failure{Type: activity.ErrorConflict},
	})
}

func TestWhatIsServed(t *testing.T) {
	address := freeAddress(t)
	e := create(t, NewFactory(), exportertest.NewNopSettings(metadata.Type), address, func(c *Config) { c.Products = []string{"shopify"} })
	assert.False(t, e.Capabilities().MutatesData)
	start(t, e)
	url := "http://" + address + "/metrics"

	code, _, text := get(t, http.MethodGet, url, "text/plain")
	require.Equal(t, http.StatusOK, code)
	assert.Contains(t, text, `integration_activities_total{activity_type="order",product="shopify",status="error"} 0`)
	assert.NotContains(t, text, "integration_last_activity_timestamp_seconds")

	require.NoError(t, e.ConsumeLogs(t.Context(), failedOrder("1")))
	require.NoError(t, e.ConsumeLogs(t.Context(), failedOrder("1")))

	_, contentType, text := get(t, http.MethodGet, url, "text/plain")
	assert.True(t, strings.HasPrefix(contentType, "text/plain"))
	for _, want := range []string{
		`integration_activities_total{activity_type="order",product="shopify",status="error"} 1`,
		`integration_errors_total{error_type="conflict",product="shopify"} 1`,
		`integration_late_activities_total{product="shopify",status="error"} 0`,
		`integration_last_activity_timestamp_seconds{product="shopify",status="error"} 1.`,
		`integration_activity_delay_seconds_count{product="shopify"} 1`,
	} {
		assert.Contains(t, text, want)
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	require.NoError(t, err)
	assert.Empty(t, problems, "as promtool check metrics reads it")

	_, contentType, text = get(t, http.MethodGet, url, "application/openmetrics-text;version=1.0.0")
	assert.True(t, strings.HasPrefix(contentType, "application/openmetrics-text"))
	assert.True(t, strings.HasSuffix(text, "# EOF\n"))

	code, _, _ = get(t, http.MethodGet, "http://"+address+"/", "*/*")
	assert.Equal(t, http.StatusNotFound, code)
	code, _, _ = get(t, http.MethodPost, url, "*/*")
	assert.Equal(t, http.StatusMethodNotAllowed, code)
}

func TestOwnTelemetry(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	set := metadatatest.NewSettings(telemetry)
	e := create(t, NewFactory(), set, freeAddress(t), func(c *Config) { c.MaxProducts, c.MaxActivityTypes = 0, 0 })
	start(t, e)

	for range 3 {
		require.NoError(t, e.ConsumeLogs(t.Context(), failedOrder("1")))
	}
	bounded := failedOrder("2")
	attributes := bounded.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	attributes.PutStr(activity.ProductKey, "my-crm")
	attributes.PutStr(activity.TypeKey, "my_sync")
	require.NoError(t, e.ConsumeLogs(t.Context(), bounded))

	metadatatest.AssertEqualActivityMetricsRepeatedRecords(t, telemetry,
		[]metricdata.DataPoint[int64]{{Value: 2}}, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	got, err := telemetry.GetMetric("otelcol_activity_metrics_bounded_records")
	require.NoError(t, err)
	reasons := map[string]int64{}
	for _, point := range got.Data.(metricdata.Sum[int64]).DataPoints {
		reason, _ := point.Attributes.Value("reason")
		reasons[reason.AsString()] = point.Value
	}
	assert.Equal(t, map[string]int64{"too_many_products": 1, "too_many_activity_types": 1}, reasons)
	_, err = telemetry.GetMetric("otelcol_exporter_sent_log_records")
	require.NoError(t, err, "the collector's own")
}

func TestTwoExportersWithOneEndpoint(t *testing.T) {
	address, factory := freeAddress(t), NewFactory()
	settings := func(name string) exporter.Settings {
		set := exportertest.NewNopSettings(metadata.Type)
		set.ID = component.NewIDWithName(metadata.Type, name)
		return set
	}
	first := create(t, factory, settings("first"), address)
	require.NoError(t, first.Start(t.Context(), componenttest.NewNopHost()))
	second := create(t, factory, settings("second"), address)

	err := second.Start(t.Context(), componenttest.NewNopHost())
	require.ErrorContains(t, err, "endpoint "+address+" is that of the exporter activity_metrics/first already: give each its own endpoint")
	require.NoError(t, second.Shutdown(t.Context()))

	require.NoError(t, first.Shutdown(t.Context()))
	again := create(t, factory, settings("again"), address)
	start(t, again)
}

func TestPortInUse(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	address := listener.Addr().String()
	e := create(t, NewFactory(), exportertest.NewNopSettings(metadata.Type), address)

	err = e.Start(t.Context(), componenttest.NewNopHost())
	require.ErrorContains(t, err, "endpoint "+address+" cannot be opened: set endpoint to a free address, or stop what has it")
	require.ErrorContains(t, err, "address already in use")
	require.NoError(t, e.Shutdown(t.Context()))
}
