// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

const (
	// attempts are how often a file is tried at least before it is given up.
	attempts = 3
	// patience is for how long a file is tried that may yet be readable.
	patience = 24 * time.Hour
)

func (s source) eventType() string {
	eventType, _, _ := strings.Cut(string(s), "/")
	return eventType
}

// unreadableError is a file of which nothing more can be read, now at least, while others
// can.
type unreadableError struct {
	file File
	// rows is how many rows were read before.
	rows int
	err  error
	// passing tells that it may be otherwise soon.
	passing bool
}

func (e *unreadableError) Error() string {
	return fmt.Sprintf("event log file %s (%s, %s, %s): %s", e.file.ID, e.file.Type, e.file.Interval, e.file.LogDate.Format(time.RFC3339), e.err)
}
func (e *unreadableError) Unwrap() error { return e.err }

// noteRestAPI remembers whether the org has RestApi files at all.
func (p *Poller) noteRestAPI(found listing) {
	for _, name := range sources {
		if name.eventType() != string(callrow.RestAPI) {
			continue
		}
		for _, f := range found.files[name] {
			if f.LogDate.After(p.state.RestAPI) {
				p.state.RestAPI = f.LogDate
			}
		}
	}
}

// readSource reads the files of one source in the order in which they were written, up to
// the first that has to wait or cannot be read.
func (p *Poller) readSource(ctx context.Context, account string, name source, found listing) error {
	c := p.state.Cursors[name]
	files := found.files[name]
	for i := range files {
		f := &files[i]
		if c.knows(f) {
			continue
		}
		if f.Created.After(found.at.Add(-p.settings.Settle)) || p.waits(f, found.at) {
			return nil
		}
		if f.LogDate.Add(time.Duration(f.Interval.hours()) * time.Hour).Before(p.begin()) {
			c.done(f)
			continue
		}
		if err := p.readOrGiveUp(ctx, account, f, c); err != nil {
			return err
		}
		c.done(f)
		if err := p.state.save(ctx, p.settings.Store); err != nil {
			return err
		}
	}
	if found.complete {
		c.advance(found.at.Add(-idle))
	}
	return nil
}

// waits tells whether a file of ApiTotalUsage still waits for RestApi's of the same time, or
// a daily file for an hourly one of which nothing can be read at the moment.
func (p *Poller) waits(f *File, now time.Time) bool {
	if slices.ContainsFunc(p.unreadable, func(hourly File) bool { return p.state.Hours.awaits(f, &hourly) }) {
		return true
	}
	return f.Type == callrow.APITotalUsage &&
		f.LogDate.Sub(p.state.RestAPI) < p.settings.Lookback &&
		now.Before(f.Created.Add(p.settings.Hold)) &&
		!p.state.Hours.covered(f)
}

// covered tells whether all hours of a file of ApiTotalUsage belong to files of RestApi.
func (h hours) covered(f *File) bool {
	for i := range f.Interval.hours() {
		if h[restCall][hourOf(f.LogDate)+int64(i)].eventType() != string(callrow.RestAPI) {
			return false
		}
	}
	return true
}

// readOrGiveUp reads a file. One that cannot be read is tried again, and its successors
// wait for it, until it has had its time; it then stops them no longer.
func (p *Poller) readOrGiveUp(ctx context.Context, account string, f *File, c *cursor) error {
	err := p.readFile(ctx, account, f)
	var unreadable *unreadableError
	if !errors.As(err, &unreadable) {
		return err
	}
	now := p.settings.Now()
	giveUp := p.settings.GiveUp
	if unreadable.passing {
		giveUp = max(giveUp, patience)
	}
	if c.Failing == nil || c.Failing.ID != f.ID || unreadable.rows > c.Failing.Rows {
		c.Failing = &failing{ID: f.ID, Since: now, Rows: unreadable.rows}
	}
	c.Failing.Attempts++
	if c.Failing.Attempts < attempts || now.Sub(c.Failing.Since) < giveUp {
		return errors.Join(err, p.state.save(ctx, p.settings.Store))
	}
	if p.settings.Observe != nil {
		p.settings.Observe.FileSkipped(ctx, *f, err)
	}
	p.state.Hours.handOn(f)
	return nil
}
