// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"

import (
	"context"
	"fmt"
	"slices"

	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
)

// Store keeps documents across restarts.
type Store interface {
	Load(ctx context.Context, key string, into any) (bool, error)
	Save(ctx context.Context, key string, document any) error
}

const (
	pendingKey = "confirmations/pending"
	decidedKey = "confirmations/decided"
	// maxDecided bounds the changes that are known to have an outcome. It has to reach back
	// as far as Salesforce may send changes again, 72 hours; with more changes than that, one
	// that is sent again may be looked up again, and gives the same activity.
	maxDecided = 20_000
)

// memory holds the changes without an outcome, and knows those that have one.
type memory struct {
	pending map[key]pending
	decided map[key]struct{}
	// order is that in which the outcomes came.
	order []key
}

// decidedDocument is how the keys of decided changes are stored.
type decidedDocument struct {
	Keys []byte `json:"keys"`
}

var errUnknown = fmt.Errorf("confirmations: %w", checkpoint.ErrUnknown)

func loadMemory(ctx context.Context, store Store) (memory, error) {
	m := memory{pending: map[key]pending{}, decided: map[key]struct{}{}}
	var decided decidedDocument
	if _, err := store.Load(ctx, decidedKey, &decided); err != nil {
		return m, pull.Permanent(err)
	}
	size := len(key{})
	if len(decided.Keys)%size != 0 {
		return m, pull.Permanent(errUnknown)
	}
	for chunk := range slices.Chunk(decided.Keys, size) {
		m.remember(key(chunk))
	}
	var waiting []pending
	if _, err := store.Load(ctx, pendingKey, &waiting); err != nil {
		return m, pull.Permanent(err)
	}
	for i := range waiting {
		p := &waiting[i]
		if _, known := entities[p.Entity]; !known {
			return m, pull.Permanent(errUnknown)
		}
		// A kill between the two writes leaves what is decided among the others.
		if _, done := m.decided[p.key()]; !done {
			m.pending[p.key()] = *p
		}
	}
	return m, nil
}

// Begin sees to it that there is a list of changes without an outcome. There is none at the
// first start, and where a disk has changed it, so that it was set aside: what it held comes
// again only after readAgain, which is to let the source of the changes begin anew.
func Begin(ctx context.Context, store Store, readAgain func(ctx context.Context) error) error {
	found, err := store.Load(ctx, pendingKey, &[]pending{})
	if err != nil || found {
		return nil //nolint:nilerr // the tracker loads it again, and tells what is wrong
	}
	if err := readAgain(ctx); err != nil {
		return err
	}
	return store.Save(ctx, pendingKey, []pending{})
}

func (m *memory) knows(p *pending) bool {
	k := p.key()
	_, waiting := m.pending[k]
	_, done := m.decided[k]
	return waiting || done
}

func (m *memory) decide(p *pending) {
	k := p.key()
	delete(m.pending, k)
	m.remember(k)
}

func (m *memory) remember(k key) {
	if _, known := m.decided[k]; known {
		return
	}
	if len(m.order) >= maxDecided {
		delete(m.decided, m.order[0])
		m.order = m.order[1:]
	}
	m.decided[k] = struct{}{}
	m.order = append(m.order, k)
}

func (m *memory) savePending(ctx context.Context, store Store) error {
	waiting := make([]pending, 0, len(m.pending))
	for _, p := range m.pending {
		waiting = append(waiting, p)
	}
	slices.SortFunc(waiting, func(a, b pending) int { return a.At.Compare(b.At) })
	return store.Save(ctx, pendingKey, waiting)
}

func (m *memory) saveDecided(ctx context.Context, store Store) error {
	keys := make([]byte, 0, len(m.order)*len(key{}))
	for _, k := range m.order {
		keys = append(keys, k[:]...)
	}
	return store.Save(ctx, decidedKey, decidedDocument{Keys: keys})
}
