// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

var errKilled = errors.New("killed")

// dyingStore fails from a moment on, as if the process had ended then.
type dyingStore struct {
	Store

	dead bool
}

func (s *dyingStore) Save(ctx context.Context, key string, document any) error {
	if s.dead {
		return errKilled
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.Store.Save(ctx, key, document)
}

// TestOutcomeIsRepeated: a process that ends after the pipeline took an outcome, and before
// that is known, hands over the same again, whatever Zendesk says by then.
func TestOutcomeIsRepeated(t *testing.T) {
	for name, updatedAt := range map[string]time.Time{"confirmed": changedAt.Add(5 * time.Second), "not confirmed": changedAt.Add(-time.Hour), "unknown": {}} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			store := &dyingStore{Store: h.store}
			h.store = store
			h.restart()
			if !updatedAt.IsZero() {
				h.has(updatedAt)
			}
			h.add(change("Account", record))
			h.now = changedAt.Add(DefaultTimeout + time.Minute)
			deliver := h.tracker.settings.Deliver
			h.tracker.settings.Deliver = func(ctx context.Context, activities []activity.Activity) error {
				store.dead = true
				return deliver(ctx, activities)
			}
			require.ErrorIs(t, h.tracker.Poll(t.Context()), errKilled)
			require.Len(t, h.taken, 1)

			store.dead = false
			h.now = h.now.Add(time.Minute)
			h.has(h.now)
			h.err = ErrBudget // it need not be asked again
			h.restart()
			h.tracker.settings.Timeout = time.Hour
			h.poll()
			require.Len(t, h.taken, 2)
			require.Equal(t, h.taken[0], h.taken[1])
			require.Zero(t, h.tracker.Pending())
			h.restart()
			h.poll()
			require.Len(t, h.taken, 2)
		})
	}
}

// TestNothingIsDecidedUnsaved: an outcome that cannot be stored is not handed over.
func TestNothingIsDecidedUnsaved(t *testing.T) {
	h := newHarness(t)
	store := &dyingStore{Store: h.store}
	h.store = store
	h.restart()
	h.add(change("Account", record))
	h.now = changedAt.Add(DefaultTimeout)
	store.dead = true
	require.ErrorIs(t, h.tracker.Poll(t.Context()), errKilled)
	require.Empty(t, h.taken)
	store.dead = false
	h.has(changedAt)
	h.poll()
	require.Len(t, h.taken, 1)
	require.Equal(t, activity.Info, h.taken[0].Status, "it was asked again")
}

// TestShutdownAfterHandOver: what the pipeline took while the receiver was shut down is
// known after the restart.
func TestShutdownAfterHandOver(t *testing.T) {
	h := newHarness(t)
	h.store = &dyingStore{Store: h.store}
	h.restart()
	h.add(change("Account", record))
	h.now = changedAt.Add(DefaultTimeout)
	ctx, cancel := context.WithCancel(t.Context())
	deliver := h.tracker.settings.Deliver
	h.tracker.settings.Deliver = func(ctx context.Context, activities []activity.Activity) error {
		cancel()
		return deliver(ctx, activities)
	}
	require.NoError(t, h.tracker.Poll(ctx))
	h.restart()
	h.poll()
	require.Len(t, h.taken, 1)
}
