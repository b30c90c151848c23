// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/integrationlog/integrationlog/internal/label"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
)

// lokiLimits settles records one by one. It is safe for concurrent use.
type lokiLimits struct {
	cfg    *Config
	limits lokimeta.Limits
	labels labels
	report *report
	// entries is a pool of *lokimeta.Entry.
	entries sync.Pool
	// now is the clock; tests set their own.
	now func() time.Time
}

func newLokiLimits(set component.TelemetrySettings, cfg *Config) (*lokiLimits, error) {
	report, err := newReport(set)
	if err != nil {
		return nil, err
	}
	return &lokiLimits{
		cfg:     cfg,
		limits:  lokimeta.Limits{Attributes: cfg.MaxAttributes, Bytes: cfg.MaxMetadataSize},
		labels:  labels{label.NewAdmission(cfg.MaxProducts)},
		report:  report,
		entries: sync.Pool{New: func() any { return new(lokimeta.Entry) }},
		now:     time.Now,
	}, nil
}

func (p *lokiLimits) shutdown(context.Context) error {
	p.report.shutdown()
	return nil
}

// processLogs returns the logs with every record settled. Where nothing is left it
// returns [processorhelper.ErrSkipProcessingData], which is no error to the sender.
func (p *lokiLimits) processLogs(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	b := batch{lokiLimits: p, now: p.now(), entry: p.entries.Get().(*lokimeta.Entry)}
	logs.ResourceLogs().RemoveIf(b.settleResource)
	p.report.add(ctx, b.now, &b.counts)
	b.entry.Reset()
	p.entries.Put(b.entry)
	if logs.ResourceLogs().Len() == 0 {
		return logs, processorhelper.ErrSkipProcessingData
	}
	return logs, nil
}

// batch is the work on one call.
type batch struct {
	*lokiLimits
	now    time.Time
	entry  *lokimeta.Entry
	counts counts
}

// settleResource settles all records of a resource and tells whether none is left.
func (b *batch) settleResource(resourceLogs plog.ResourceLogs) (empty bool) {
	labels, changes := b.labels.settleResource(resourceLogs.Resource())
	changes |= b.entry.Resource(resourceLogs.Resource())
	resourceLogs.ScopeLogs().RemoveIf(func(scopeLogs plog.ScopeLogs) bool {
		return b.settleScope(scopeLogs, labels, changes)
	})
	return resourceLogs.ScopeLogs().Len() == 0
}

func (b *batch) settleScope(scopeLogs plog.ScopeLogs, labels label.Resource, changes change.Set) (empty bool) {
	changes |= b.entry.Scope(scopeLogs.Scope())
	scopeLogs.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
		return b.settleRecord(record, labels, changes)
	})
	return scopeLogs.LogRecords().Len() == 0
}

// settleRecord settles one record and tells whether it has to go. What was changed
// of its resource and scope counts for it too: it is stored with each record.
func (b *batch) settleRecord(record plog.LogRecord, labels label.Resource, changes change.Set) (tooOld bool) {
	timeChanges, tooOld := settleTime(record, b.now, b.cfg.MaxAge, b.cfg.MaxAhead)
	if tooOld {
		b.counts.tooOld++
		return true
	}
	changes |= timeChanges
	changes |= b.labels.settleRecord(record, labels)
	changes |= settleLine(record.Body(), b.cfg.MaxLineSize)
	changes |= b.entry.Record(record, b.limits)
	b.counts.add(changes)
	return false
}
