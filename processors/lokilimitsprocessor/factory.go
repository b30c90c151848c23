// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/metadata"
)

// NewFactory returns a factory for the processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		metadata.Type,
		createDefaultConfig,
		processor.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createDefaultConfig() component.Config {
	return &Config{
		MaxAge:   7 * 24 * time.Hour,
		MaxAhead: 5 * time.Minute,
		// A margin, should Loki and this processor ever disagree on a rendering.
		MaxLineSize:     lokiMaxLineSize - 1<<10,
		MaxMetadataSize: lokimeta.MaxBytes,
		MaxAttributes:   lokimeta.MaxAttributes,
		MaxProducts:     25,
	}
}

func createLogs(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
	p, err := newLokiLimits(set.TelemetrySettings, cfg.(*Config))
	if err != nil {
		return nil, err
	}
	return processorhelper.NewLogs(
		ctx, set, cfg, next, p.processLogs,
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: true}),
		processorhelper.WithShutdown(p.shutdown),
	)
}
