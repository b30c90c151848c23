// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/apicall"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/logcsv"
)

// batchSize is how many activities are delivered at once.
const batchSize = 500

// saveTimeout bounds the writing of what was delivered, which outlives the poll's context.
const saveTimeout = 10 * time.Second

// reading is what is known while one file is read.
type reading struct {
	poller  *Poller
	file    *File
	rows    *logcsv.Reader
	source  apicall.Source
	counted Rows

	// before is how often each key was delivered of this file, in whichever version.
	before map[shortKey]int
	// base is how often each key was delivered of the hour's other files.
	base map[shortKey]int
	// seen is how often each key came in this file.
	seen   map[shortKey]int
	ledger *ledger
	// unsaved tells that hours were claimed that the store does not know yet.
	unsaved bool

	batch []activity.Activity
	keys  []shortKey
}

func (p *Poller) newReading(ctx context.Context, account string, f *File, rows *logcsv.Reader) (*reading, error) {
	r := &reading{
		poller: p, file: f, rows: rows,
		source: apicall.Source{Account: account, FileID: f.ID, Interval: string(f.Interval)},
		before: map[shortKey]int{}, base: map[shortKey]int{}, seen: map[shortKey]int{},
		ledger: &ledger{fileID: f.ID},
	}
	r.unsaved = p.state.Hours.claim(f)
	if err := r.recall(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// recall loads what was delivered of the same period: of this file, of one that it replaces
// under another id, and of the hour's other increments; for a daily file also of its hours,
// as it takes the place of an hourly file that was given up.
func (r *reading) recall(ctx context.Context) error {
	var ids []string
	for id, d := range r.poller.state.Delivered {
		samePeriod := d.Source == r.file.source() && d.LogDate.Equal(r.file.LogDate) ||
			d.Source == r.file.hourly() && r.file.Interval == Daily && r.file.covers(d.LogDate)
		if id == r.file.ID || samePeriod {
			ids = append(ids, id)
		}
	}
	ledgers, err := loadLedgers(ctx, r.poller.settings.Store, ids)
	if err != nil {
		return err
	}
	for _, l := range ledgers {
		switch {
		case l.fileID == r.file.ID:
			r.ledger = l
			l.counts(r.before)
		case r.file.Interval == Daily:
			l.counts(r.before)
		default:
			l.counts(r.base)
		}
	}
	return nil
}

// run reads all rows.
func (r *reading) run(ctx context.Context, parser *callrow.Parser) error {
	observed := r.poller.settings.Now()
	err := r.rows.Next()
	for ; err == nil; err = r.rows.Next() {
		call, verdict := parser.Parse(r.rows)
		switch verdict {
		case callrow.Failed:
			r.take(&call, observed)
		case callrow.Unusable:
			r.counted.Unusable++
		default:
		}
		if len(r.batch) >= batchSize {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
	return r.end(ctx, err)
}

// take puts a call into the batch, unless it is not this file's to deliver or was
// delivered before.
func (r *reading) take(call *callrow.Call, observed time.Time) {
	r.counted.Failed++
	key := shorten(call.Key)
	ordinal := r.seen[key]
	r.seen[key]++
	if call.Time.Before(r.poller.begin()) {
		r.counted.Old++
		return
	}
	owns, changed := r.poller.state.Hours.owns(kindOf(call), r.file.hour(call.Time), r.file.source())
	r.unsaved = r.unsaved || changed
	switch {
	case !owns:
		r.counted.Elsewhere++
	case ordinal < r.before[key]:
		r.counted.Known++
	default:
		r.keys = append(r.keys, key)
		r.batch = append(r.batch, apicall.New(call, r.base[key]+ordinal, r.source, observed))
	}
}

// flush delivers the batch. Only then are its keys remembered. To whom the hours belong is
// saved before, so that after a crash no other source takes them.
func (r *reading) flush(ctx context.Context) error {
	state, store := r.poller.state, r.poller.settings.Store
	if len(r.batch) == 0 {
		return nil
	}
	if _, ok := state.Delivered[r.file.ID]; !ok || r.unsaved {
		state.Delivered[r.file.ID] = delivered{Source: r.file.source(), LogDate: r.file.LogDate}
		if err := state.save(ctx, store); err != nil {
			return err
		}
		r.unsaved = false
	}
	if err := r.poller.settings.Deliver(ctx, r.batch); err != nil {
		return err
	}
	for _, key := range r.keys {
		r.ledger.add(key)
	}
	r.counted.Delivered += len(r.batch)
	r.batch, r.keys = nil, r.keys[:0]
	// What the pipeline took is noted also when the receiver is shut down meanwhile.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	return r.ledger.save(ctx, store)
}

// end delivers what is left, whatever ended the reading.
func (r *reading) end(ctx context.Context, err error) error {
	if flushErr := r.flush(ctx); flushErr != nil {
		return flushErr
	}
	r.counted.Read, r.counted.Broken = r.rows.Rows(), r.rows.Broken()
	switch {
	case errors.Is(err, io.EOF):
		if observe := r.poller.settings.Observe; observe != nil {
			observe.FileRead(ctx, *r.file, r.counted)
		}
		return nil
	default:
		return failed(ctx, r.file, r.rows.Rows(), err)
	}
}
