// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/otel/metric"
)

// otelhttp's scope, and one of its instruments, of which all are on or off together.
// Source: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
const (
	otelhttpScope       = "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	requestDuration     = "http.server.request.duration"
	requestDurationUnit = "s"
	requestDurationText = "Duration of HTTP server requests."
)

// needsHandlers tells whether the handlers that confighttp puts in front of ours have
// anything to do. They cost as much as all the rest of the intake, and by default the
// collector records nothing of what they measure. Bodies are bounded and decoded by
// each route.
func needsHandlers(ctx context.Context, config *confighttp.ServerConfig, telemetry component.TelemetrySettings) bool {
	return config.Auth.HasValue() || config.CORS.HasValue() || config.IncludeMetadata ||
		len(config.Middlewares) > 0 || len(config.ResponseHeaders) > 0 ||
		tracing(ctx, telemetry) || measuring(ctx, telemetry)
}

// tracing tells whether spans are made, sampled or not: only those of a provider that
// makes none have no identity.
func tracing(ctx context.Context, telemetry component.TelemetrySettings) bool {
	_, span := telemetry.TracerProvider.Tracer(otelhttpScope).Start(ctx, "probe")
	defer span.End()
	return span.SpanContext().IsValid()
}

// measuring tells whether anybody reads otelhttp's metrics. An instrument that cannot
// be made counts as read, so that confighttp says what is wrong with it.
func measuring(ctx context.Context, telemetry component.TelemetrySettings) bool {
	duration, err := telemetry.MeterProvider.Meter(otelhttpScope).Float64Histogram(requestDuration,
		metric.WithUnit(requestDurationUnit), metric.WithDescription(requestDurationText))
	return err != nil || duration.Enabled(ctx)
}
