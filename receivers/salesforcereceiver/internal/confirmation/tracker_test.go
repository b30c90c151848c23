// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

const (
	account = "00D5e000000AbCdEAE"
	record  = "0015e00000AbCdE"
)

var changedAt = time.Date(2026, 11, 26, 10, 0, 0, 900000000, time.UTC)

// harness is a tracker, with a Zendesk that knows what the test says.
type harness struct {
	t       testing.TB
	tracker *Tracker
	store   Store
	now     time.Time
	zendesk map[sfid.Short]Found
	err     error
	full    bool
	asked   [][]sfid.Short
	taken   []activity.Activity
}

func newHarness(tb testing.TB) *harness {
	tb.Helper()
	store, err := checkpoint.Open(tb.Context(), componenttest.NewNopHost(), nil, receiver.Settings{})
	require.NoError(tb, err)
	h := &harness{t: tb, store: store, now: changedAt, zendesk: map[sfid.Short]Found{}}
	h.restart()
	return h
}

func (h *harness) restart() {
	tracker, err := New(Settings{
		Zendesk: h, Account: func(context.Context) (string, error) { return account, nil }, Store: h.store,
		Now: func() time.Time { return h.now },
		Deliver: func(_ context.Context, activities []activity.Activity) error {
			if h.full {
				return errFull
			}
			h.taken = append(h.taken, activities...)
			return nil
		},
	})
	require.NoError(h.t, err)
	h.tracker = tracker
}

var errFull = errors.New("the pipeline is full")

func (h *harness) Find(_ context.Context, _ Kind, ids []sfid.Short) (map[sfid.Short]Found, error) {
	h.asked = append(h.asked, ids)
	return h.zendesk, h.err
}

func (h *harness) add(changes ...Change) {
	h.t.Helper()
	dropped, err := h.tracker.Add(h.t.Context(), changes)
	require.NoError(h.t, err)
	require.Zero(h.t, dropped)
}

func (h *harness) poll() {
	h.t.Helper()
	require.NoError(h.t, h.tracker.Poll(h.t.Context()))
}

func (h *harness) has(updatedAt time.Time) {
	short, ok := sfid.Parse(record)
	require.True(h.t, ok)
	h.zendesk[short] = Found{ID: "360001234567", UpdatedAt: updatedAt}
}

func change(entity, id string) Change { return Change{Entity: entity, RecordID: id, At: changedAt} }

// TestConfirmed: what was updated since the change is confirmed, at the first look or at a
// later one, and once.
func TestConfirmed(t *testing.T) {
	h := newHarness(t)
	h.add(change("Account", record))
	h.poll()
	require.Empty(t, h.asked, "nothing is asked before there can be an answer")

	h.has(changedAt.Add(-time.Hour))
	h.now = changedAt.Add(time.Minute)
	h.poll()
	require.Len(t, h.asked, 1)
	require.Empty(t, h.taken)
	h.poll()
	require.Len(t, h.asked, 1, "the next look has its time")

	// The same second: Zendesk tells no fractions.
	h.has(changedAt.Truncate(time.Second))
	h.now = changedAt.Add(2 * time.Minute)
	h.poll()
	require.Len(t, h.taken, 1)
	require.Equal(t, activity.Info, h.taken[0].Status)
	require.Zero(t, h.tracker.Pending())
	h.add(change("Account", record))
	require.Zero(t, h.tracker.Pending(), "a change that is sent again has its outcome")
}

// TestNotConfirmed: only an answer after the time is over makes a change one that is not
// confirmed.
func TestNotConfirmed(t *testing.T) {
	h := newHarness(t)
	h.add(change("Contact", record))
	for h.now = changedAt; h.now.Before(changedAt.Add(DefaultTimeout)); h.now = h.now.Add(30 * time.Second) {
		h.poll()
	}
	require.Empty(t, h.taken)
	require.Len(t, h.asked, 4, "after 1, 2, 4 and 8 minutes")

	h.err = errors.New("no connection")
	h.now = changedAt.Add(time.Hour)
	require.ErrorIs(t, h.tracker.Poll(t.Context()), h.err)
	h.err = ErrBudget
	h.poll()
	require.Empty(t, h.taken)

	h.err = nil
	h.poll()
	require.Len(t, h.taken, 1)
	require.Equal(t, activity.Warning, h.taken[0].Status)
	require.Equal(t, changedAt.Add(DefaultTimeout), h.taken[0].Time)
}

// TestRestart: neither a change nor its outcome is forgotten, wherever the process ends.
func TestRestart(t *testing.T) {
	h := newHarness(t)
	h.add(change("Account", record), change("Lead", record))
	h.restart()
	h.now = changedAt.Add(DefaultTimeout)
	h.full = true
	require.ErrorIs(t, h.tracker.Poll(t.Context()), errFull)
	h.restart()
	h.full = false
	h.poll()
	require.Len(t, h.taken, 2)
	require.NotEqual(t, h.taken[0].ID, h.taken[1].ID)
	h.restart()
	h.add(change("Account", record), change("Lead", record))
	h.poll()
	require.Len(t, h.taken, 2)
}

// TestEndsBetweenWrites: a process that ends after the first of the two writes.
func TestEndsBetweenWrites(t *testing.T) {
	h := newHarness(t)
	h.add(change("Account", record))
	var waiting []pending
	_, err := h.store.Load(t.Context(), pendingKey, &waiting)
	require.NoError(t, err)
	h.now = changedAt.Add(DefaultTimeout)
	h.poll()
	require.NoError(t, h.store.Save(t.Context(), pendingKey, waiting))
	h.restart()
	h.poll()
	require.Len(t, h.taken, 1)
}

// TestChangesOfOneRecord: each has an outcome, of one look-up.
func TestChangesOfOneRecord(t *testing.T) {
	h := newHarness(t)
	second := change("Account", record+"EAC")
	second.At = changedAt.Add(time.Second)
	h.add(change("Account", record), second, second)
	h.has(changedAt.Add(500 * time.Millisecond))
	h.now = second.At.Add(time.Minute)
	h.poll()
	require.Len(t, h.asked[0], 1)
	require.Len(t, h.taken, 2, "10:00:01 is the second of both")
	require.NotEqual(t, h.taken[0].ID, h.taken[1].ID)
}

// TestOthers: what is not synchronised is not awaited.
func TestOthers(t *testing.T) {
	h := newHarness(t)
	old := change("Account", record)
	old.At = changedAt.Add(-8 * 24 * time.Hour)
	h.add(old, change("Case", record), change("Account", "001*"), Change{Entity: "Account", RecordID: record})
	require.Zero(t, h.tracker.Pending())
	h.poll()
	require.Empty(t, h.asked)
}

// TestTooMany: the memory is bounded, and what does not fit is told.
func TestTooMany(t *testing.T) {
	h := newHarness(t)
	h.tracker.settings.MaxPending = 3
	var changes []Change
	for i := range 5 {
		changes = append(changes, change("Account", fmt.Sprintf("0015e0000000%03d", i)))
	}
	dropped, err := h.tracker.Add(t.Context(), changes)
	require.NoError(t, err)
	require.Equal(t, 2, dropped)
	require.Equal(t, 3, h.tracker.Pending())

	m := memory{pending: map[key]pending{}, decided: map[key]struct{}{}}
	for i := range maxDecided + 10 {
		m.remember(key{byte(i), byte(i >> 8), byte(i >> 16)})
	}
	require.Len(t, m.decided, maxDecided)
	require.Len(t, m.order, maxDecided)
}

// TestBatches: many changes are looked up as many requests take them, and what was
// answered before a failure stays.
func TestBatches(t *testing.T) {
	h := newHarness(t)
	var changes []Change
	for i := range 120 {
		changes = append(changes, change("Account", fmt.Sprintf("0015e0000000%03d", i)))
	}
	h.add(changes...)
	h.now = changedAt.Add(DefaultTimeout)
	h.poll()
	require.Len(t, h.asked, 3)
	require.Len(t, h.taken, 120)
}

func TestUnknownCheckpoint(t *testing.T) {
	for name, spoil := range map[string]func(h *harness) error{
		"decided": func(h *harness) error {
			return h.store.Save(h.t.Context(), decidedKey, decidedDocument{Keys: []byte("?")})
		},
		"pending":  func(h *harness) error { return h.store.Save(h.t.Context(), pendingKey, "?") },
		"entity":   func(h *harness) error { return h.store.Save(h.t.Context(), pendingKey, []pending{{Entity: "?"}}) },
		"document": func(h *harness) error { return h.store.Save(h.t.Context(), decidedKey, "?") },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			require.NoError(t, spoil(h))
			require.True(t, pull.IsPermanent(h.tracker.Poll(t.Context())))
			_, err := h.tracker.Add(t.Context(), []Change{change("Account", record)})
			require.True(t, pull.IsPermanent(err))
		})
	}
}

func TestSettings(t *testing.T) {
	_, err := New(Settings{})
	require.ErrorContains(t, err, "no Zendesk")
}
