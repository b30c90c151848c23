// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitymetricsexporter // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/count"
	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/metadata"
)

// The reasons of the counter of bounded records.
var (
	tooManyProducts = reason("too_many_products")
	tooManyTypes    = reason("too_many_activity_types")
)

func reason(s string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String("reason", s)))
}

// activityMetrics counts what it is given, and serves what it has counted.
type activityMetrics struct {
	counter   *count.Counter
	server    *server
	telemetry *metadata.TelemetryBuilder
}

func newExporter(set exporter.Settings, cfg *Config, endpoints *endpoints) (*activityMetrics, error) {
	registry := prometheus.NewPedanticRegistry()
	counter, err := count.New(registry, count.Settings{
		Products:         cfg.Products,
		LateAfter:        cfg.LateAfter,
		MaxProducts:      cfg.MaxProducts,
		MaxActivityTypes: cfg.MaxActivityTypes,
		MaxActivities:    cfg.Deduplication.MaxActivities,
	})
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &activityMetrics{
		counter:   counter,
		server:    newServer(set, &cfg.ServerConfig, registry, endpoints),
		telemetry: telemetry,
	}, nil
}

func (e *activityMetrics) start(ctx context.Context, host component.Host) error {
	return e.server.start(ctx, host)
}

func (e *activityMetrics) shutdown(ctx context.Context) error {
	e.telemetry.Shutdown()
	return e.server.shutdown(ctx)
}

// consumeLogs never fails: a record that cannot be counted costs no sender anything.
func (e *activityMetrics) consumeLogs(ctx context.Context, logs plog.Logs) error {
	result := e.counter.Count(logs)
	if result.Repeated > 0 {
		e.telemetry.ActivityMetricsRepeatedRecords.Add(ctx, result.Repeated)
	}
	if result.OtherProduct > 0 {
		e.telemetry.ActivityMetricsBoundedRecords.Add(ctx, result.OtherProduct, tooManyProducts)
	}
	if result.OtherType > 0 {
		e.telemetry.ActivityMetricsBoundedRecords.Add(ctx, result.OtherType, tooManyTypes)
	}
	return nil
}
