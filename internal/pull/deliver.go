// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pull // import "github.com/integrationlog/integrationlog/internal/pull"

import (
	"context"
	"iter"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/refusal"
)

const (
	// handoverTimeout bounds one hand-over.
	handoverTimeout = 30 * time.Second
	// A hand-over is tried again after firstRetry, at first, and after maxRetry at last.
	firstRetry = time.Second
	maxRetry   = time.Minute
)

// Deliver hands records over to the pipeline, and again as often as it takes. Nil says
// that the checkpoint may move on: they were taken, or refused for good, which is logged
// and counted because they are lost. Records that are refused together are handed over
// one by one, so that none pays for a neighbour. The only error is that of a context that
// has ended.
func (l *Loop) Deliver(ctx context.Context, next consumer.Logs, logs plog.Logs) error {
	records := logs.LogRecordCount()
	if records == 0 {
		return nil
	}
	refused, err := l.deliver(ctx, next, logs, records)
	if refused == nil || err != nil {
		return err
	}
	if records == 1 {
		l.lost(ctx, refused)
		return nil
	}
	for single := range singles(logs) {
		refused, err := l.deliver(ctx, next, single, 1)
		if err != nil {
			return err
		}
		if refused != nil {
			l.lost(ctx, refused)
		}
	}
	return nil
}

// deliver hands records over until they are taken or refused for good.
func (l *Loop) deliver(ctx context.Context, next consumer.Logs, logs plog.Logs, records int) (refused, err error) {
	pause := newPause()
	pause.InitialInterval, pause.MaxInterval = firstRetry, maxRetry
	for failed := false; ; failed = true {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		err := l.handOver(ctx, next, logs, records)
		if err == nil {
			l.metrics.delivered(ctx, records)
			if failed {
				l.health.report(nil)
			}
			return nil, nil
		}
		if refusal.IsFinal(err) {
			return err, nil
		}
		if !failed {
			l.metrics.failed(ctx, &pipelineError{err: err})
		}
		l.health.report(&pipelineError{err: err})
		if !sleep(ctx, pause.NextBackOff()) {
			return nil, ctx.Err()
		}
	}
}

// lost reports a record that was refused for good.
func (l *Loop) lost(ctx context.Context, refused error) {
	l.metrics.refused(ctx, 1)
	l.refused.Do(func() {
		l.settings.Receiver.Logger.Error("The pipeline refused activities for good; they are lost", zap.Error(refused))
	})
}

// singles returns the records one by one, each with its resource and scope.
func singles(logs plog.Logs) iter.Seq[plog.Logs] {
	return func(yield func(plog.Logs) bool) {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					if !yield(single(resource, scope, record)) {
						return
					}
				}
			}
		}
	}
}

func single(resource plog.ResourceLogs, scope plog.ScopeLogs, record plog.LogRecord) plog.Logs {
	logs := plog.NewLogs()
	toResource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().CopyTo(toResource.Resource())
	toResource.SetSchemaUrl(resource.SchemaUrl())
	toScope := toResource.ScopeLogs().AppendEmpty()
	scope.Scope().CopyTo(toScope.Scope())
	toScope.SetSchemaUrl(scope.SchemaUrl())
	record.CopyTo(toScope.LogRecords().AppendEmpty())
	return logs
}

// handOver does it once. It does not end with ctx: the outcome of a hand-over that was
// broken off is not known.
func (l *Loop) handOver(ctx context.Context, next consumer.Logs, logs plog.Logs, records int) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handoverTimeout)
	defer cancel()
	// a copy, because processors may change what they are given
	out := plog.NewLogs()
	logs.CopyTo(out)
	ctx = l.obsreport.StartLogsOp(ctx)
	err := next.ConsumeLogs(ctx, out)
	l.obsreport.EndLogsOp(ctx, "api", records, err)
	return err
}
