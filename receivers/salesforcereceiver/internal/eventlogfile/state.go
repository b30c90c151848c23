// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"context"
	"maps"
	"time"

	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
)

// Store keeps documents across restarts.
type Store interface {
	Load(ctx context.Context, key string, into any) (bool, error)
	LoadAll(ctx context.Context, documents ...*checkpoint.Document) error
	Save(ctx context.Context, key string, document any) error
	Delete(ctx context.Context, keys ...string) error
}

const (
	stateKey = "event_log_files"
	// overlap is by how much files are asked for again: one may become visible after
	// another that was created later.
	overlap = time.Hour
	// idle is how far a cursor may lag behind while nothing new comes.
	idle = 24 * time.Hour
)

// state is the checkpoint.
type state struct {
	Cursors map[source]*cursor `json:"cursors"`
	Hours   hours              `json:"hours"`
	// Delivered are the files of which something was delivered, by id; what it was is in
	// the file's ledger.
	Delivered map[string]delivered `json:"delivered"`
	// RestAPI is the newest period of which a RestApi file was seen.
	RestAPI time.Time `json:"rest_api,omitzero"`
}

type delivered struct {
	Source  source    `json:"source"`
	LogDate time.Time `json:"log_date"`
}

// cursor tells how far the files of one source were read.
type cursor struct {
	// Created is when the last file that was read had been written.
	Created time.Time `json:"created"`
	// Done are the files since shortly before that, by id, with when they were written.
	Done map[string]time.Time `json:"done,omitempty"`
	// Failing is the file that cannot be read to its end.
	Failing *failing `json:"failing,omitempty"`
}

// failing is the file that cannot be read to its end. It counts anew when it gets further.
type failing struct {
	ID       string    `json:"id"`
	Since    time.Time `json:"since"`
	Attempts int       `json:"attempts"`
	// Rows is how far it was read.
	Rows int `json:"rows"`
}

// loadState reads the checkpoint, or begins a new one.
func loadState(ctx context.Context, store Store, start time.Time) (*state, error) {
	s := &state{}
	if _, err := store.Load(ctx, stateKey, s); err != nil {
		return nil, pull.Permanent(err)
	}
	if s.Cursors == nil {
		s.Cursors = map[source]*cursor{}
	}
	if s.Hours == nil {
		s.Hours = hours{}
	}
	if s.Delivered == nil {
		s.Delivered = map[string]delivered{}
	}
	for _, name := range sources {
		if s.Cursors[name] == nil {
			s.Cursors[name] = &cursor{Created: start}
		}
		if s.Cursors[name].Done == nil {
			s.Cursors[name].Done = map[string]time.Time{}
		}
	}
	return s, nil
}

func (s *state) save(ctx context.Context, store Store) error { return store.Save(ctx, stateKey, s) }

// since returns from when on files have to be asked for.
func (s *state) since() time.Time {
	var oldest time.Time
	for _, c := range s.Cursors {
		if oldest.IsZero() || c.Created.Before(oldest) {
			oldest = c.Created
		}
	}
	return oldest.Add(-overlap)
}

// deliveredBefore returns of which files before a time something was delivered.
func (s *state) deliveredBefore(at time.Time) []string {
	var ids []string
	for id, d := range s.Delivered {
		if d.LogDate.Before(at) {
			ids = append(ids, id)
		}
	}
	return ids
}

// forget drops what is too old to come again.
func (s *state) forget(before time.Time) {
	s.Hours.forget(before)
	for _, id := range s.deliveredBefore(before) {
		delete(s.Delivered, id)
	}
}

// knows tells whether this version of a file was read.
func (c *cursor) knows(f *File) bool {
	if at, ok := c.Done[f.ID]; ok {
		return !f.Created.After(at)
	}
	return f.Created.Before(c.Created.Add(-overlap))
}

// done moves the cursor past a file.
func (c *cursor) done(f *File) {
	c.Failing = nil
	c.Done[f.ID] = f.Created
	c.advance(f.Created)
}

func (c *cursor) advance(to time.Time) {
	if to.After(c.Created) {
		c.Created = to
	}
	maps.DeleteFunc(c.Done, func(_ string, at time.Time) bool { return at.Before(c.Created.Add(-overlap)) })
}
