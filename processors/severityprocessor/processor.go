// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor // import "github.com/integrationlog/integrationlog/processors/severityprocessor"

import (
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/words"
	"github.com/integrationlog/integrationlog/processors/severityprocessor/internal/metadata"
)

// maxOriginal bounds status.original, in bytes.
const maxOriginal = 256

// unknownWords counts the unknown words of one batch by source.
type unknownWords [sourceCount]int64

// severityProcessor settles on a status for each record. It holds no state, so that
// batches may be processed side by side.
type severityProcessor struct {
	dictionary    *words.Dictionary
	defaultStatus activity.Status
	telemetry     *metadata.TelemetryBuilder
	// sourceSets are the counter's attributes, made once.
	sourceSets [sourceCount]metric.MeasurementOption
}

func newProcessor(cfg *Config, settings component.TelemetrySettings) (*severityProcessor, error) {
	telemetry, err := metadata.NewTelemetryBuilder(settings)
	if err != nil {
		return nil, fmt.Errorf("cannot create the telemetry of the severity processor: %w", err)
	}
	p := &severityProcessor{
		dictionary:    words.NewDictionary(cfg.Mapping),
		defaultStatus: cfg.DefaultStatus,
		telemetry:     telemetry,
	}
	for s := range p.sourceSets {
		p.sourceSets[s] = metric.WithAttributeSet(attribute.NewSet(attribute.String("source", sourceNames[s])))
	}
	return p, nil
}

func (p *severityProcessor) shutdown(context.Context) error {
	p.telemetry.Shutdown()
	return nil
}

func (p *severityProcessor) processLogs(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	var unknown unknownWords
	for i := range logs.ResourceLogs().Len() {
		scopes := logs.ResourceLogs().At(i).ScopeLogs()
		for j := range scopes.Len() {
			records := scopes.At(j).LogRecords()
			for k := range records.Len() {
				p.processRecord(records.At(k), &unknown)
			}
		}
	}
	for s, n := range unknown {
		if n > 0 {
			p.telemetry.ProcessorSeverityUnknownWords.Add(ctx, n, p.sourceSets[s])
		}
	}
	return logs, nil
}

// processRecord makes the attribute status, SeverityNumber and SeverityText agree.
// A record that has been through here does not change any more.
func (p *severityProcessor) processRecord(record plog.LogRecord, unknown *unknownWords) {
	attributes := record.Attributes()
	if value, ok := attributes.Get(activity.StatusKey); ok && isStatus(activity.Status(value.Str())) {
		setSeverity(record, activity.Status(value.Str()))
		return
	}

	status, original := p.settle(record, unknown)
	if original != "" {
		if _, ok := attributes.Get(activity.StatusOriginalKey); !ok {
			attributes.PutStr(activity.StatusOriginalKey, bounded(original))
		}
	}
	attributes.PutStr(activity.StatusKey, string(status))
	setSeverity(record, status)
}

// settle returns the status that the first source tells which tells one, and the
// source's own word for it, empty if nothing is lost without it. The word of the
// attribute status is about to be overwritten, so it is kept even if another source
// told the status; if none did, the first word that was met is kept.
func (p *severityProcessor) settle(record plog.LogRecord, unknown *unknownWords) (activity.Status, string) {
	var kept, first string
	for s := range sourceCount {
		word, meaning := s.read(record, p.dictionary)
		switch meaning.Kind {
		case words.Blank:
			continue
		case words.Decided:
			if kept == "" && !meaning.Own {
				kept = word
			}
			return meaning.Status, kept
		case words.Unknown:
			unknown[s]++
		}
		if s == statusAttribute {
			kept = word
		}
		if first == "" {
			first = word
		}
	}
	return p.defaultStatus, first
}

// setSeverity costs no memory, whatever the record held before.
func setSeverity(record plog.LogRecord, status activity.Status) {
	record.SetSeverityNumber(severityNumber(status))
	record.SetSeverityText(string(status))
}

// bounded returns a word that fits into an attribute: OTLP strings are valid UTF-8,
// and foreign words need be neither valid nor short.
func bounded(word string) string {
	return strings.ToValidUTF8(activity.Truncate(word, maxOriginal), "\uFFFD")
}
