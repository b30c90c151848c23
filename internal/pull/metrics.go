// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pull // import "github.com/integrationlog/integrationlog/internal/pull"

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/internal/pull/internal/metadata"
)

// metrics counts for one receiver. Its attribute sets are made once.
type metrics struct {
	builder  *metadata.TelemetryBuilder
	receiver metric.MeasurementOption
	reasons  map[string]metric.MeasurementOption
}

func newMetrics(telemetry component.TelemetrySettings, id component.ID) (*metrics, error) {
	builder, err := metadata.NewTelemetryBuilder(telemetry)
	if err != nil {
		return nil, err
	}
	receiver := attribute.String("receiver", id.String())
	m := &metrics{
		builder:  builder,
		receiver: metric.WithAttributeSet(attribute.NewSet(receiver)),
		reasons:  map[string]metric.MeasurementOption{},
	}
	for _, reason := range reasons {
		m.reasons[reason] = metric.WithAttributeSet(attribute.NewSet(receiver, attribute.String("reason", reason)))
	}
	return m, nil
}

// observe begins to report how old the checkpoint is.
func (m *metrics) observe(checkpoint *atomic.Int64) error {
	return m.builder.RegisterPullCheckpointAgeCallback(func(_ context.Context, observer metric.Float64Observer) error {
		if at := checkpoint.Load(); at != 0 {
			observer.Observe(max(time.Since(time.Unix(0, at)), 0).Seconds(), m.receiver)
		}
		return nil
	})
}

func (m *metrics) stop() { m.builder.Shutdown() }

func (m *metrics) polled(ctx context.Context, err error) {
	m.builder.PullPolls.Add(ctx, 1, m.receiver)
	if err != nil {
		m.failed(ctx, err)
	}
}

func (m *metrics) failed(ctx context.Context, err error) {
	m.builder.PullFailedPolls.Add(ctx, 1, m.reasons[reasonOf(err)])
}

func (m *metrics) delivered(ctx context.Context, n int) {
	m.builder.PullDeliveredActivities.Add(ctx, int64(n), m.receiver)
}

func (m *metrics) refused(ctx context.Context, n int) {
	m.builder.PullRefusedActivities.Add(ctx, int64(n), m.receiver)
}
