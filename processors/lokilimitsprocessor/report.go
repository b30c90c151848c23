// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/metadata"
)

const (
	reasonKey = "reason"
	tooOld    = "too_old"
	// logInterval is how often the log repeats a reason that goes on.
	logInterval = time.Hour
)

// counts is what happened to the records of one batch.
type counts struct {
	tooOld  int64
	changed [change.Kinds]int64
}

func (c *counts) add(changes change.Set) {
	if changes == 0 {
		return
	}
	for kind := range changes.All() {
		c.changed[kind]++
	}
}

// report counts by reason, and logs each reason once in an hour.
type report struct {
	telemetry *metadata.TelemetryBuilder
	logger    *zap.Logger
	dropped   metric.MeasurementOption
	changed   [change.Kinds]metric.MeasurementOption
	// logged holds the times of the last log lines, in nanoseconds.
	droppedLogged atomic.Int64
	changedLogged [change.Kinds]atomic.Int64
}

func newReport(set component.TelemetrySettings) (*report, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	r := &report{telemetry: telemetry, logger: set.Logger, dropped: reason(tooOld)}
	for kind := range r.changed {
		r.changed[kind] = reason(change.Kind(kind).String())
	}
	return r, nil
}

func reason(s string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String(reasonKey, s)))
}

func (r *report) shutdown() { r.telemetry.Shutdown() }

func (r *report) add(ctx context.Context, now time.Time, c *counts) {
	if c.tooOld > 0 {
		r.telemetry.LokiLimitsDroppedRecords.Add(ctx, c.tooOld, r.dropped)
		r.log(&r.droppedLogged, now, "Dropped records that Loki would refuse", tooOld,
			"a record older than max_age lies outside the log", "otelcol_loki_limits_dropped_records")
	}
	for kind, n := range c.changed {
		if n == 0 {
			continue
		}
		r.telemetry.LokiLimitsChangedRecords.Add(ctx, n, r.changed[kind])
		r.log(&r.changedLogged[kind], now, "Changed records so that Loki takes them", change.Kind(kind).String(),
			change.Kind(kind).Explain(), "otelcol_loki_limits_changed_records")
	}
}

func (r *report) log(last *atomic.Int64, now time.Time, message, reason, explanation, counter string) {
	previous := last.Load()
	if previous != 0 && now.Sub(time.Unix(0, previous)) < logInterval || !last.CompareAndSwap(previous, now.UnixNano()) {
		return
	}
	r.logger.Warn(message,
		zap.String("reason", reason),
		zap.String("explanation", explanation),
		zap.String("see_metric", counter),
	)
}
