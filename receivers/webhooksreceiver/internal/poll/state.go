// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package poll // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/progress"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

const indexKey = "index"

// state is how far each webhook was read, in memory and in the storage.
type state struct {
	store *checkpoint.Store
	// index is stored under a key of its own, once per poll; the progress of a webhook
	// only when that changes.
	index    index
	webhooks map[string]*progress.Progress
	// unsaved are those whose progress is not stored.
	unsaved map[string]bool
}

// index tells of all webhooks that were ever read.
type index struct {
	Webhooks map[string]indexEntry `json:"webhooks"`
	// Gaps are those that were noticed and, as far as is known, not handed over.
	Gaps []gap `json:"gaps,omitempty"`
}

type indexEntry struct {
	// PolledAt is when the webhook was last read to the end.
	PolledAt time.Time `json:"polled_at"`
	// GapSince is when a gap began that was reported before its end, and GapUntil is the
	// end of the last one.
	GapSince time.Time `json:"gap_since,omitzero"`
	GapUntil time.Time `json:"gap_until,omitzero"`
}

func newState(store *checkpoint.Store) state {
	return state{
		store: store, index: index{Webhooks: map[string]indexEntry{}},
		webhooks: map[string]*progress.Progress{}, unsaved: map[string]bool{},
	}
}

// load reads everything, so that damage is found at the start.
func (s *state) load(ctx context.Context) error {
	if _, err := s.store.Load(ctx, indexKey, &s.index); err != nil {
		return err
	}
	if s.index.Webhooks == nil {
		s.index.Webhooks = map[string]indexEntry{}
	}
	documents := make(map[string]*checkpoint.Document, len(s.index.Webhooks))
	for id := range s.index.Webhooks {
		s.webhooks[id] = &progress.Progress{}
		documents[id] = &checkpoint.Document{Key: progressKey(id), Into: s.webhooks[id]}
	}
	if err := s.store.LoadAll(ctx, slices.Collect(maps.Values(documents))...); err != nil {
		return err
	}
	maps.DeleteFunc(s.webhooks, func(id string, _ *progress.Progress) bool { return !documents[id].Found })
	return nil
}

// progress returns that of a webhook. A process that was killed may have stored one
// before the index.
func (s *state) progress(ctx context.Context, id string, begin func() *progress.Progress) (*progress.Progress, error) {
	if reached, ok := s.webhooks[id]; ok {
		return reached, nil
	}
	reached := &progress.Progress{}
	found, err := s.store.Load(ctx, progressKey(id), reached)
	if err != nil {
		return nil, err
	}
	if !found {
		reached = begin()
		s.unsaved[id] = true
	}
	s.webhooks[id] = reached
	return reached, nil
}

// save stores the progress of a webhook if it has changed, or could not be stored before.
func (s *state) save(ctx context.Context, id string, changed bool) error {
	if !changed && !s.unsaved[id] {
		return nil
	}
	s.unsaved[id] = true
	if err := s.store.Save(ctx, progressKey(id), s.webhooks[id]); err != nil {
		return err
	}
	delete(s.unsaved, id)
	return nil
}

func (s *state) polled(id string, at time.Time) {
	entry := s.index.Webhooks[id]
	entry.PolledAt = at.UTC()
	s.index.Webhooks[id] = entry
}

func (s *state) saveIndex(ctx context.Context) error {
	return s.store.Save(ctx, indexKey, s.index)
}

// prune forgets webhooks that are gone, once Zendesk has nothing more of the time in
// which they were read: until then one may be missing from the list by mistake.
func (s *state) prune(ctx context.Context, webhooks []zendesk.Webhook, now time.Time) error {
	listed := make(map[string]bool, len(webhooks))
	for _, webhook := range webhooks {
		listed[webhook.ID] = true
	}
	for id, entry := range s.index.Webhooks {
		if listed[id] || now.Sub(entry.PolledAt) <= zendesk.Retention {
			continue
		}
		if err := s.store.Delete(ctx, progressKey(id)); err != nil {
			return err
		}
		delete(s.webhooks, id)
		delete(s.unsaved, id)
		delete(s.index.Webhooks, id)
	}
	return nil
}

func progressKey(id string) string { return "webhook/" + id }
