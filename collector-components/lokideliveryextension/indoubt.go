// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"context"
	"errors"
	"net/http"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/lookup"
)

// question is what has to be asked before a push is sent.
type question struct {
	// empty means that the push has no records.
	empty bool
	// needed means that some of its records may be repetitions: all of them, or those
	// that are older than newAfter.
	needed, all bool
	newAfter    pcommon.Timestamp
}

// concerns tells whether a record may be a repetition.
func (q question) concerns(record plog.LogRecord) bool {
	if q.all {
		return true
	}
	time := identity.Time(record)
	return time != 0 && time < q.newAfter
}

// question finds out what the push needs, without decoding it.
func (d *delivery) question() (question, error) {
	summary, err := d.push.Summarize()
	if err != nil {
		return question{}, err
	}
	q := question{empty: summary.Records == 0, newAfter: pcommon.NewTimestampFromTime(d.newAfter())}
	if d.config.InDoubt == InDoubtLookup {
		q.all = d.config.SharedSources || d.doubts.Has(d.whole) || d.hasBacklog()
		q.needed = q.all || summary.Oldest < q.newAfter
	}
	return q, nil
}

// sendInDoubt sends what Loki does not have. Nobody else does the same meanwhile.
func (d *delivery) sendInDoubt(q question) (*http.Response, error) {
	ctx := d.req.Context()
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}

	logs, err := d.push.Decode()
	if err != nil {
		// It looked like records and cannot be read: Loki will say so.
		return d.send()
	}
	found, unverified, err := d.ask(logs, q.concerns)
	if err != nil {
		d.health.failed("lookup", err.Error())
		return later(d.req, err.Error()), nil
	}
	repeated := removeRepeated(logs, q.concerns, found)
	if repeated == 0 {
		return d.sendUnverified(unverified)
	}
	d.telemetry.LokiDeliveryRepeatedRecords.Add(context.WithoutCancel(ctx), int64(repeated))
	if logs.LogRecordCount() == 0 {
		d.settled()
		return stored(d.req), nil
	}
	if d.push, err = d.push.With(logs); err != nil {
		return nil, err
	}
	return d.sendUnverified(unverified)
}

// sendUnverified sends the push and counts, once it is stored, those of its records that
// may be repetitions all the same.
func (d *delivery) sendUnverified(records int) (*http.Response, error) {
	resp, err := d.send()
	if err == nil && resp.StatusCode < http.StatusMultipleChoices {
		d.telemetry.LokiDeliveryUnverifiedRecords.Add(context.WithoutCancel(d.req.Context()), int64(records))
	}
	return resp, err
}

// removeRepeated removes what Loki has, and what the push has twice.
func removeRepeated(logs plog.Logs, concerns func(plog.LogRecord) bool, found map[identity.Key]struct{}) int {
	seen := make(map[identity.Key]struct{})
	return identity.Keep(logs, func(record plog.LogRecord) bool {
		key, ok := identity.Of(record)
		if !ok || !concerns(record) {
			return true
		}
		if _, known := found[key]; known {
			return false
		}
		if _, known := seen[key]; known {
			return false
		}
		seen[key] = struct{}{}
		return true
	})
}

// ask returns which of the records concerned Loki has, and how many could not be asked
// about: those that cannot be found again, or all if Loki has been refusing to answer
// for long. An error is transient.
func (d *delivery) ask(logs plog.Logs, concerns func(plog.LogRecord) bool) (found map[identity.Key]struct{}, unverified int, err error) {
	var keys []identity.Key
	identity.Each(logs, func(record plog.LogRecord) {
		if !concerns(record) {
			return
		}
		if key, ok := identity.Of(record); ok {
			keys = append(keys, key)
		} else {
			unverified++
		}
	})
	found, err = d.askFor(keys)
	var refused *lookup.RefusedError
	switch {
	case err == nil:
		return found, unverified, nil
	case errors.As(err, &refused):
		lasting, first := d.refusal.lasts(d.config.InDoubtPatience)
		if !lasting {
			return nil, 0, err
		}
		if first {
			d.logger.Error("Loki cannot be asked what it has, so records that may be repetitions are sent, and some may be stored twice. "+
				"Allow the exporter's credentials to query, or set query_endpoint, or in_doubt: send", zap.Error(err))
		}
		return nil, unverified + len(keys), nil
	default:
		return nil, 0, err
	}
}

// askFor asks Loki, and counts how that went.
func (d *delivery) askFor(keys []identity.Key) (map[identity.Key]struct{}, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	asker := lookup.Asker{Transport: d.next, BaseURL: d.config.QueryEndpoint}
	found, err := asker.Stored(d.req.Context(), d.req, keys)
	result := "answered"
	var refused *lookup.RefusedError
	switch {
	case err == nil:
		d.refusal.over()
	case errors.As(err, &refused):
		result = "refused"
	default:
		result = "failed"
	}
	d.telemetry.LokiDeliveryLookups.Add(context.WithoutCancel(d.req.Context()), 1, metric.WithAttributes(attribute.String("result", result)))
	return found, err
}
