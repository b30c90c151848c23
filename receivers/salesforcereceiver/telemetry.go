// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/metadata"
)

// telemetry counts what happens, and logs what an operator should know of it.
type telemetry struct {
	metrics  *metadata.TelemetryBuilder
	logger   *zap.Logger
	receiver metric.MeasurementOption
	reasons  map[cdcrecord.Skip]metric.MeasurementOption
}

var _ eventlogfile.Observer = (*telemetry)(nil)

func newTelemetry(metrics *metadata.TelemetryBuilder, logger *zap.Logger, id string) *telemetry {
	receiver := attribute.String("receiver", id)
	o := &telemetry{
		metrics: metrics, logger: logger, receiver: metric.WithAttributeSet(attribute.NewSet(receiver)),
		reasons: map[cdcrecord.Skip]metric.MeasurementOption{},
	}
	for _, reason := range []cdcrecord.Skip{cdcrecord.OtherObject, cdcrecord.OtherUser, cdcrecord.OtherOrigin, cdcrecord.NotMapped} {
		o.reasons[reason] = metric.WithAttributeSet(attribute.NewSet(receiver, attribute.String("reason", string(reason))))
	}
	return o
}

func (o *telemetry) skipped(reason cdcrecord.Skip) {
	o.metrics.SalesforceSkippedEvents.Add(context.Background(), 1, o.reasons[reason])
}

func (o *telemetry) failingTopics(n int) {
	o.metrics.SalesforceFailingTopics.Record(context.Background(), int64(n), o.receiver)
}

func (o *telemetry) pending(ctx context.Context, pending, dropped int) {
	o.metrics.SalesforcePendingConfirmations.Record(ctx, int64(pending), o.receiver)
	if dropped > 0 {
		o.metrics.SalesforceDroppedConfirmations.Add(ctx, int64(dropped), o.receiver)
	}
}

// FileRead counts a file that was read to its end.
func (o *telemetry) FileRead(ctx context.Context, file eventlogfile.File, rows eventlogfile.Rows) {
	o.metrics.SalesforceLogFilesRead.Add(ctx, 1, o.receiver)
	o.metrics.SalesforceUnreadableRows.Add(ctx, int64(rows.Broken+rows.Unusable), o.receiver)
	o.logger.Info("Read an event log file",
		zap.String("file", file.ID), zap.String("type", string(file.Type)), zap.String("interval", string(file.Interval)), zap.Time("of", file.LogDate),
		zap.Int("rows", rows.Read), zap.Int("unreadable", rows.Broken+rows.Unusable), zap.Int("failed_calls", rows.Failed), zap.Int("delivered", rows.Delivered))
}

// FileSkipped tells of a file that could not be read.
func (o *telemetry) FileSkipped(ctx context.Context, file eventlogfile.File, reason error) {
	o.metrics.SalesforceLogFilesSkipped.Add(ctx, 1, o.receiver)
	o.logger.Error("An event log file cannot be read, and is not tried again; its failed calls are missing in the log",
		zap.String("file", file.ID), zap.String("type", string(file.Type)), zap.String("interval", string(file.Interval)), zap.Time("of", file.LogDate), zap.Error(reason))
}
