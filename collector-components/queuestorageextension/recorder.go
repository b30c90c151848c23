// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension"

import (
	"context"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/recovery"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"
)

var _ writebehind.Recorder = (*recorder)(nil)

// recorder counts for one queue. The attributes are those of the queue's own metrics.
type recorder struct {
	telemetry *metadata.TelemetryBuilder
	queue     metric.MeasurementOption
	// quarantine is how many items of this queue lie there.
	quarantine atomic.Int64
}

func newRecorder(telemetry *metadata.TelemetryBuilder, id component.ID, signal string) *recorder {
	return &recorder{
		telemetry: telemetry,
		queue: metric.WithAttributeSet(attribute.NewSet(
			attribute.String("exporter", id.String()),
			attribute.String("data_type", signal),
		)),
	}
}

func (r *recorder) recovered(ctx context.Context, result recovery.Result) {
	r.telemetry.QueueStorageRecoveredItems.Add(ctx, int64(len(result.Sizes)), r.queue)
	r.telemetry.QueueStorageMovedItems.Add(ctx, int64(result.Moved), r.queue)
	r.addQuarantine(ctx, int64(result.Quarantined))
	// An alert on a counter needs the 0 that comes before the first 1.
	r.telemetry.QueueStorageQuarantinedItems.Add(ctx, 0, r.queue)
	r.telemetry.QueueStorageUnreadableItems.Add(ctx, 0, r.queue)
	r.telemetry.QueueStorageWriteErrors.Add(ctx, 0, r.queue)
}

// WriteFailed counts a transaction that failed.
func (r *recorder) WriteFailed() {
	r.telemetry.QueueStorageWriteErrors.Add(context.Background(), 1, r.queue)
}

// Quarantined counts an item that was set aside.
func (r *recorder) Quarantined() {
	r.telemetry.QueueStorageQuarantinedItems.Add(context.Background(), 1, r.queue)
	r.addQuarantine(context.Background(), 1)
}

// Unreadable counts an item that stays in the storage.
func (r *recorder) Unreadable() {
	r.telemetry.QueueStorageUnreadableItems.Add(context.Background(), 1, r.queue)
}

func (r *recorder) addQuarantine(ctx context.Context, n int64) {
	r.quarantine.Add(n)
	r.telemetry.QueueStorageQuarantine.Add(ctx, n, r.queue)
}

// close takes this queue's quarantine out of the sum: whoever opens it next counts it.
func (r *recorder) close(ctx context.Context) {
	r.addQuarantine(ctx, -r.quarantine.Load())
}
