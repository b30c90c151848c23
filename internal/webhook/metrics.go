// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/internal/webhook/internal/metadata"
)

// metrics counts for one receiver. Its attribute sets are made once.
type metrics struct {
	builder  *metadata.TelemetryBuilder
	receiver metric.MeasurementOption
	reasons  map[Outcome]metric.MeasurementOption
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
		reasons:  map[Outcome]metric.MeasurementOption{},
	}
	for outcome := Unauthorized; outcome <= Refused; outcome++ {
		m.reasons[outcome] = metric.WithAttributeSet(attribute.NewSet(receiver, attribute.String("reason", outcome.String())))
	}
	return m, nil
}

func (m *metrics) rejected(ctx context.Context, outcome Outcome) {
	m.builder.WebhookRejectedRequests.Add(ctx, 1, m.reasons[outcome])
}

func (m *metrics) delivery(ctx context.Context, delivery Delivery, received time.Time) {
	for i := range delivery.Activities {
		if at := delivery.Activities[i].Time; !at.IsZero() {
			m.builder.WebhookDeliveryDelay.Record(ctx, max(received.Sub(at), 0).Seconds(), m.receiver)
		}
	}
	addIfAny(ctx, m.builder.WebhookIgnoredActivities, delivery.Ignored, m.receiver)
	addIfAny(ctx, m.builder.WebhookUnknownActivities, delivery.Unknown, m.receiver)
}

func (m *metrics) unreadable(ctx context.Context, reason string, n int) {
	addIfAny(ctx, m.builder.WebhookUnreadableActivities, n, m.receiver, metric.WithAttributes(attribute.String("reason", reason)))
}

func (m *metrics) duplicates(ctx context.Context, n int) {
	addIfAny(ctx, m.builder.WebhookDuplicateActivities, n, m.receiver)
}

func (m *metrics) forgotten(ctx context.Context, n int) {
	addIfAny(ctx, m.builder.WebhookForgottenActivities, n, m.receiver)
}

func (m *metrics) shared(activities int) {
	m.builder.WebhookHandoverActivities.Record(context.Background(), int64(activities), m.receiver)
}

func addIfAny(ctx context.Context, counter metric.Int64Counter, n int, options ...metric.AddOption) {
	if n > 0 {
		counter.Add(ctx, int64(n), options...)
	}
}
