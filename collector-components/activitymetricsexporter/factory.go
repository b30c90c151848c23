// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitymetricsexporter // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/metadata"
)

const (
	defaultEndpoint         = "localhost:9464"
	defaultLateAfter        = time.Hour
	defaultMaxProducts      = 25
	defaultMaxActivityTypes = 20
	defaultMaxActivities    = 100_000
	// Whoever asks slower holds a connection for nothing.
	defaultReadHeaderTimeout = 5 * time.Second
)

// NewFactory returns the factory of the activity_metrics exporter.
func NewFactory() exporter.Factory {
	f := &factory{endpoints: newEndpoints()}
	return exporter.NewFactory(metadata.Type, createDefaultConfig, exporter.WithLogs(f.createLogs, metadata.LogsStability))
}

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultEndpoint
	server.ReadHeaderTimeout = defaultReadHeaderTimeout
	return &Config{
		ServerConfig:     server,
		LateAfter:        defaultLateAfter,
		MaxProducts:      defaultMaxProducts,
		MaxActivityTypes: defaultMaxActivityTypes,
		Deduplication:    DeduplicationConfig{MaxActivities: defaultMaxActivities},
	}
}

// factory knows what its exporters share.
type factory struct{ endpoints *endpoints }

func (f *factory) createLogs(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	e, err := newExporter(set, cfg.(*Config), f.endpoints)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewLogs(
		ctx, set, cfg, e.consumeLogs,
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}),
		// It waits for nobody.
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{Timeout: 0}),
		exporterhelper.WithStart(e.start),
		exporterhelper.WithShutdown(e.shutdown),
	)
}
