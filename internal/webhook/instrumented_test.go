// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configmiddleware"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"
)

func TestHandlersOfConfighttpAreThereWhereTheyHaveSomethingToDo(t *testing.T) {
	dropHTTP := metric.WithView(metric.NewView(
		metric.Instrument{Name: "http.*"}, metric.Stream{Aggregation: metric.AggregationDrop{}}))
	reader := func() metric.Option { return metric.WithReader(metric.NewManualReader()) }

	for name, tt := range map[string]struct {
		change func(*confighttp.ServerConfig, *component.TelemetrySettings)
		needed bool
	}{
		"nothing is recorded": {func(*confighttp.ServerConfig, *component.TelemetrySettings) {}, false},
		"authentication": {func(c *confighttp.ServerConfig, _ *component.TelemetrySettings) {
			c.Auth = configoptional.Some(confighttp.AuthConfig{})
		}, true},
		"CORS": {func(c *confighttp.ServerConfig, _ *component.TelemetrySettings) {
			c.CORS = configoptional.Some(confighttp.CORSConfig{})
		}, true},
		"middlewares": {func(c *confighttp.ServerConfig, _ *component.TelemetrySettings) {
			c.Middlewares = []configmiddleware.Config{{}}
		}, true},
		"response headers": {func(c *confighttp.ServerConfig, _ *component.TelemetrySettings) {
			c.ResponseHeaders = configopaque.MapList{{Name: "X-A", Value: "b"}}
		}, true},
		"metadata": {func(c *confighttp.ServerConfig, _ *component.TelemetrySettings) { c.IncludeMetadata = true }, true},
		"spans": {func(_ *confighttp.ServerConfig, s *component.TelemetrySettings) {
			s.TracerProvider = trace.NewTracerProvider()
		}, true},
		"spans that are not sampled may be the next time": {func(_ *confighttp.ServerConfig, s *component.TelemetrySettings) {
			s.TracerProvider = trace.NewTracerProvider(trace.WithSampler(trace.NeverSample()))
		}, true},
		"metrics": {func(_ *confighttp.ServerConfig, s *component.TelemetrySettings) {
			s.MeterProvider = metric.NewMeterProvider(reader())
		}, true},
		"metrics, but not otelhttp's, as the collector has it by default": {func(_ *confighttp.ServerConfig, s *component.TelemetrySettings) {
			s.MeterProvider = metric.NewMeterProvider(reader(), dropHTTP)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			config := confighttp.NewDefaultServerConfig()
			telemetry := componenttest.NewNopTelemetrySettings()
			tt.change(&config, &telemetry)
			assert.Equal(t, tt.needed, needsHandlers(t.Context(), &config, telemetry))
		})
	}
}
