// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/deadletter"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/verdict"
)

// refused deals with a push that Loki refuses for good. Loki stores the valid records of
// such a push; those that it does not have are written to the dead-letter file before
// the exporter hears of it.
func (d *delivery) refused(resp *http.Response, body []byte) (*http.Response, error) {
	note := deadletter.Note{Time: time.Now().UTC(), Status: resp.StatusCode, Reason: verdict.Reason(resp, body)}
	logs, err := d.push.Decode()
	if err != nil {
		// Not even its records can be told: it is kept as it is.
		note.ContentType, note.Body = d.push.Type, d.push.Plain
		logs = plog.NewLogs()
	} else if err := d.removeStored(logs); err != nil {
		return d.keep(err), nil
	}
	if logs.LogRecordCount() == 0 && note.Body == nil {
		d.settled()
		return stored(d.req), nil
	}
	if err := d.bury(note, logs); err != nil {
		d.telemetry.LokiDeliveryDeadLetterErrors.Add(context.WithoutCancel(d.req.Context()), 1)
		return d.keep(err), nil
	}
	d.settled()
	return withBody(resp, body), nil
}

// keep makes the exporter send the push again.
func (d *delivery) keep(err error) *http.Response {
	d.doubts.Add(d.whole)
	d.health.failed("refused", err.Error())
	return later(d.req, err.Error())
}

// removeStored removes the records that Loki has. Where it cannot be asked, none are
// removed: a record in the file that is stored as well does no harm.
func (d *delivery) removeStored(logs plog.Logs) error {
	if d.config.InDoubt != InDoubtLookup {
		return nil
	}
	all := func(plog.LogRecord) bool { return true }
	found, _, err := d.ask(logs, all)
	if err != nil {
		return err
	}
	identity.Keep(logs, func(record plog.LogRecord) bool {
		key, ok := identity.Of(record)
		_, known := found[key]
		return !ok || !known
	})
	return nil
}

// bury writes the records to the dead-letter file.
func (d *delivery) bury(note deadletter.Note, logs plog.Logs) error {
	records := logs.LogRecordCount()
	line, err := deadletter.Line(note, logs)
	if err != nil {
		return fmt.Errorf("refused records cannot be written as JSON: %w", err)
	}
	file, err := d.deadLetters.Append(line)
	if err != nil {
		return err
	}
	d.telemetry.LokiDeliveryDeadLetterRecords.Add(context.WithoutCancel(d.req.Context()), int64(records))
	if d.buried.isNew(file) {
		d.logger.Error("Loki refused records for good. They are kept in this file, and so are others that it refuses; see to the reason, "+
			"then post the file's lines to Loki again", zap.String("file", file), zap.Int("records", records),
			zap.Int("status", note.Status), zap.String("reason", note.Reason))
	}
	return nil
}
