// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// Defaults of the settings.
const (
	DefaultTimeout    = 15 * time.Minute
	DefaultMaxPending = 10_000
)

const (
	// firstLook is when a change is looked up first; a synchronisation takes some seconds.
	// The time until the next look doubles from there on.
	firstLook = time.Minute
	// begin is how old a change may be, that of the log.
	begin = 7 * 24 * time.Hour
	// batchSize is how many changes are looked up between two hand-overs: those of one request.
	batchSize = 50
	// saveTimeout bounds the writing of what was taken.
	saveTimeout = 10 * time.Second
)

// Settings tell what is confirmed, and how.
type Settings struct {
	Zendesk Zendesk
	// Account returns the Salesforce org's id.
	Account func(ctx context.Context) (string, error)
	// Store keeps the checkpoint.
	Store Store
	// Deliver hands activities to the pipeline. Without an error they are taken.
	Deliver func(ctx context.Context, activities []activity.Activity) error
	// Timeout is after what time a change counts as not confirmed.
	Timeout time.Duration
	// MaxPending bounds the changes whose outcome is awaited.
	MaxPending int
	// Now is the clock; nil is the machine's.
	Now func() time.Time
}

// Tracker awaits the outcomes of changes. It is safe for concurrent use.
type Tracker struct {
	settings Settings

	mu     sync.Mutex
	loaded bool
	memory memory
}

// New returns a tracker.
func New(settings Settings) (*Tracker, error) {
	if settings.Zendesk == nil || settings.Account == nil || settings.Store == nil || settings.Deliver == nil {
		return nil, errors.New("confirmation: no Zendesk, account, store or pipeline is given")
	}
	if settings.Timeout <= 0 {
		settings.Timeout = DefaultTimeout
	}
	if settings.MaxPending <= 0 {
		settings.MaxPending = DefaultMaxPending
	}
	if settings.Now == nil {
		settings.Now = time.Now
	}
	return &Tracker{settings: settings}, nil
}

// Add remembers changes, durably, and returns how many were not because there are too
// many. Changes that are known, also of those with an outcome, are not added twice; so it
// is called before the source's checkpoint moves past them.
func (t *Tracker) Add(ctx context.Context, changes []Change) (dropped int, _ error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.load(ctx); err != nil {
		return 0, err
	}
	added := false
	oldest := t.settings.Now().Add(-begin)
	for i := range changes {
		p, ok := newPending(&changes[i])
		if !ok || p.At.Before(oldest) || t.memory.knows(&p) {
			continue
		}
		if len(t.memory.pending) >= t.settings.MaxPending {
			dropped++
			continue
		}
		p.Next = p.At.Add(min(firstLook, t.settings.Timeout))
		t.memory.pending[p.key()] = p
		added = true
	}
	if !added {
		return dropped, nil
	}
	return dropped, t.memory.savePending(ctx, t.settings.Store)
}

// Pending returns how many changes have no outcome yet.
func (t *Tracker) Pending() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.memory.pending)
}

// Poll looks up the changes whose time has come, and delivers the outcomes.
func (t *Tracker) Poll(ctx context.Context) error {
	due, err := t.due(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	account, err := t.settings.Account(ctx)
	if err != nil {
		return err
	}
	if err := t.handOver(ctx, account, decidedOf(due)); err != nil {
		return err
	}
	for kind, of := range byKind(due) {
		for batch := range slices.Chunk(of, batchSize) {
			err := t.lookUp(ctx, account, kind, batch)
			if errors.Is(err, ErrBudget) {
				return nil // the others are still due at the next poll
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// due returns the changes that are to be looked up now, those first that have waited
// longest.
func (t *Tracker) due(ctx context.Context) ([]pending, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.load(ctx); err != nil {
		return nil, err
	}
	now := t.settings.Now()
	var due []pending
	for _, p := range t.memory.pending {
		if !p.Next.After(now) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(a, b pending) int { return a.Next.Compare(b.Next) })
	return due, nil
}

// decidedOf returns those whose outcome was not taken, or not known to be, when an earlier
// poll or process ended.
func decidedOf(due []pending) []pending {
	var decided []pending
	for i := range due {
		if due[i].Decided != nil {
			decided = append(decided, due[i])
		}
	}
	return decided
}

// byKind sorts those that are to be looked up.
func byKind(due []pending) map[Kind][]pending {
	kinds := map[Kind][]pending{}
	for i := range due {
		if due[i].Decided != nil {
			continue
		}
		kind := entities[due[i].Entity].kind
		kinds[kind] = append(kinds[kind], due[i])
	}
	return kinds
}

// recordsOf returns the records of changes; several changes may be one record's.
func recordsOf(batch []pending) []sfid.Short {
	var records []sfid.Short
	known := map[sfid.Short]bool{}
	for i := range batch {
		if id := batch[i].ID; !known[id] {
			known[id] = true
			records = append(records, id)
		}
	}
	return records
}

// lookUp looks up one batch. Only an answer decides: as long as Zendesk cannot be asked,
// nothing counts as not confirmed.
func (t *Tracker) lookUp(ctx context.Context, account string, kind Kind, batch []pending) error {
	asked := t.settings.Now()
	found, err := t.settings.Zendesk.Find(ctx, kind, recordsOf(batch))
	if err != nil {
		return err
	}
	var decided, later []pending
	for i := range batch {
		p := batch[i]
		at, exists := found[p.ID]
		isUpdated := exists && !at.UpdatedAt.Before(p.At.Truncate(time.Second)) // Zendesk tells whole seconds
		if !isUpdated && asked.Before(p.At.Add(t.settings.Timeout)) {
			p.Next = next(p.At, asked, t.settings.Timeout)
			later = append(later, p)
			continue
		}
		p.Decided = &decision{Confirmed: isUpdated, ObjectID: at.ID, UpdatedAt: at.UpdatedAt, Timeout: t.settings.Timeout, Asked: asked.UTC()}
		decided = append(decided, p)
	}
	if err := t.decide(ctx, decided, later); err != nil {
		return err
	}
	return t.handOver(ctx, account, decided)
}

// decide stores outcomes. What cannot be stored is not decided.
func (t *Tracker) decide(ctx context.Context, decided, later []pending) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	// When the next look is due need not survive a restart.
	for i := range later {
		t.memory.pending[later[i].key()] = later[i]
	}
	if len(decided) == 0 {
		return nil
	}
	for i := range decided {
		t.memory.pending[decided[i].key()] = decided[i]
	}
	err := t.memory.savePending(ctx, t.settings.Store)
	if err != nil {
		for i := range decided {
			undecided := decided[i]
			undecided.Decided = nil
			t.memory.pending[undecided.key()] = undecided
		}
	}
	return err
}

// handOver gives the pipeline what was decided and stored.
func (t *Tracker) handOver(ctx context.Context, account string, decided []pending) error {
	if len(decided) == 0 {
		return nil
	}
	outcomes := make([]activity.Activity, 0, len(decided))
	for i := range decided {
		outcomes = append(outcomes, decided[i].activity(account))
	}
	if err := t.settings.Deliver(ctx, outcomes); err != nil {
		return err
	}
	return t.settle(ctx, decided)
}

// next is when a change is looked up again: after as much time as has passed since the
// change, and for the last time when its time is over.
func next(changed, asked time.Time, timeout time.Duration) time.Time {
	again := changed.Add(2 * max(asked.Sub(changed), firstLook))
	if end := changed.Add(timeout); again.After(end) {
		return end
	}
	return again
}

// settle notes what the pipeline took, also when the receiver is shut down meanwhile.
func (t *Tracker) settle(ctx context.Context, decided []pending) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range decided {
		t.memory.decide(&decided[i])
	}
	if err := t.memory.saveDecided(ctx, t.settings.Store); err != nil {
		return err
	}
	return t.memory.savePending(ctx, t.settings.Store)
}

func (t *Tracker) load(ctx context.Context) error {
	if t.loaded {
		return nil
	}
	loaded, err := loadMemory(ctx, t.settings.Store)
	if err != nil {
		return err
	}
	t.memory, t.loaded = loaded, true
	return nil
}
