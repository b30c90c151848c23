// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"
)

// Defaults of the settings.
const (
	DefaultVersion  = "v66.0"
	DefaultLookback = 7 * 24 * time.Hour
	DefaultSettle   = 5 * time.Minute
	DefaultHold     = 6 * time.Hour
	DefaultGiveUp   = time.Hour
)

// Settings tell what is read, and where to.
type Settings struct {
	// API sends requests to the org.
	API soql.API
	// Version is that of the API, such as v66.0.
	Version string
	// Account returns the org's id. It is asked with each poll.
	Account func(ctx context.Context) (string, error)
	// Users are the integration's; calls of others are not logged.
	Users callrow.Users
	// Store keeps the checkpoint.
	Store Store
	// Deliver hands activities to the pipeline. Without an error they are taken.
	Deliver func(ctx context.Context, activities []activity.Activity) error
	// Observe is told how reading goes; it may be nil.
	Observe Observer
	// Lookback is how far the log reaches back. Older calls are not logged.
	Lookback time.Duration
	// Settle is how old a file has to be: younger ones may still be written.
	Settle time.Duration
	// Hold is how long ApiTotalUsage's files wait for RestApi's, in orgs that have those.
	Hold time.Duration
	// GiveUp is for how long a file that cannot be read is tried again.
	GiveUp time.Duration
	// Now is the clock; nil is the machine's.
	Now func() time.Time
}

// Observer is told how reading goes.
type Observer interface {
	// FileRead tells that a file was read to its end, and what its rows were.
	FileRead(ctx context.Context, file File, rows Rows)
	// FileSkipped tells that a file could not be read and is not tried again.
	FileSkipped(ctx context.Context, file File, reason error)
}

// Rows are the rows of a file, counted.
type Rows struct {
	// Read are all rows.
	Read int
	// Broken are those that are not CSV, Unusable those that do not tell their time.
	Broken, Unusable int
	// Failed are the calls of the integration that failed. Of those, Delivered were
	// delivered now and Known before; Elsewhere are those that belong to another file, and
	// Old are those before the log begins.
	Failed, Delivered, Known, Elsewhere, Old int
}

var version = regexp.MustCompile(`^v[1-9]\d{1,2}\.0$`)

// ParseUsers returns the users of these ids, of 15 or 18 characters.
func ParseUsers(ids []string) (callrow.Users, error) {
	users := callrow.Users{}
	for _, id := range ids {
		user, ok := sfid.Parse(id)
		if !ok {
			return nil, fmt.Errorf("%q is no id of a Salesforce user; it has 15 or 18 letters and digits and begins with 005", id)
		}
		users[user] = struct{}{}
	}
	return users, nil
}

func (s *Settings) complete() error {
	for _, of := range [...]struct {
		value        *time.Duration
		defaultValue time.Duration
	}{{&s.Lookback, DefaultLookback}, {&s.Settle, DefaultSettle}, {&s.Hold, DefaultHold}, {&s.GiveUp, DefaultGiveUp}} {
		if *of.value <= 0 {
			*of.value = of.defaultValue
		}
	}
	if s.Version == "" {
		s.Version = DefaultVersion
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	switch {
	case s.API == nil || s.Account == nil || s.Store == nil || s.Deliver == nil:
		return errors.New("event log files: no API, account, store or pipeline is given")
	case len(s.Users) == 0:
		return errors.New("event log files: no user is given whose calls are to be logged")
	case !version.MatchString(s.Version):
		return fmt.Errorf("event log files: %q is no version of Salesforce's API; it looks like %s", s.Version, DefaultVersion)
	}
	return nil
}

// Poller reads the event log files of an org. Its methods are for one goroutine.
type Poller struct {
	settings Settings
	querier  soql.Querier
	state    *state
	// withoutInterval is when the org said that it has no hourly files.
	withoutInterval time.Time
	readUpTo        time.Time
	// unreadable are the files that stopped their source in this poll.
	unreadable []File
	// undated are the files without dates of the last poll, by id.
	undated map[string]bool
}

// ReadUpTo returns up to which time all files were read that could be, and their calls taken by
// the pipeline; zero if that is not known yet.
func (p *Poller) ReadUpTo() time.Time { return p.readUpTo }

// New returns a poller.
func New(settings Settings) (*Poller, error) {
	if err := settings.complete(); err != nil {
		return nil, err
	}
	return &Poller{settings: settings, querier: soql.Querier{API: settings.API, Version: settings.Version}}, nil
}

// Poll reads what is new. When it fails, what was delivered until then stays delivered, and
// the next poll goes on from there.
func (p *Poller) Poll(ctx context.Context) error {
	now := p.settings.Now()
	if p.state == nil {
		loaded, err := loadState(ctx, p.settings.Store, now.Add(-p.settings.Lookback))
		if err != nil {
			return err
		}
		p.state = loaded
	}
	account, err := p.settings.Account(ctx)
	if err != nil {
		return err
	}
	found, err := p.list(ctx, p.state.since())
	if err != nil {
		return err
	}
	p.skipUndated(ctx, found.undated)
	p.noteRestAPI(found)
	if err := p.readAll(ctx, account, found); err != nil {
		return err
	}
	if err := p.cleanUp(ctx); err != nil {
		return err
	}
	if found.complete {
		p.readUpTo = found.at.Add(-p.settings.Settle)
	}
	return nil
}

// readAll reads the files of all sources, the better ones first. A file that cannot be read
// stops its own source only, and the one that would take its place; any other error
// concerns them all.
func (p *Poller) readAll(ctx context.Context, account string, found listing) error {
	var unreadable []error
	p.unreadable = nil
	withoutRestAPI := false
	for _, name := range sources {
		eventType := callrow.Type(name.eventType())
		if eventType == callrow.APITotalUsage && withoutRestAPI {
			continue
		}
		err := p.readSource(ctx, account, name, found)
		if err == nil {
			continue
		}
		failure, ok := errors.AsType[*unreadableError](err)
		if !ok {
			return errors.Join(append(unreadable, err)...)
		}
		p.unreadable = append(p.unreadable, failure.file)
		unreadable = append(unreadable, err)
		withoutRestAPI = withoutRestAPI || eventType == callrow.RestAPI
	}
	return errors.Join(unreadable...)
}

// skipUndated tells of files that cannot be read, once while they are listed.
func (p *Poller) skipUndated(ctx context.Context, files []File) {
	known := p.undated
	p.undated = make(map[string]bool, len(files))
	for i := range files {
		p.undated[files[i].ID] = true
		if p.settings.Observe != nil && !known[files[i].ID] {
			p.settings.Observe.FileSkipped(ctx, files[i], errUndated)
		}
	}
}

// cleanUp drops what is too old to matter, and saves the cursors that moved without a file.
func (p *Poller) cleanUp(ctx context.Context) error {
	before := p.begin().Add(-24 * time.Hour)
	if err := deleteLedgers(ctx, p.settings.Store, p.state.deliveredBefore(before)); err != nil {
		return err
	}
	p.state.forget(before)
	return p.state.save(ctx, p.settings.Store)
}

// begin is when the log begins.
func (p *Poller) begin() time.Time { return p.settings.Now().Add(-p.settings.Lookback) }
