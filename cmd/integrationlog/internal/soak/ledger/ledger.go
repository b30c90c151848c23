// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package ledger keeps what the soak sent and what became of it, apart from everything that
// the product itself counts.
package ledger // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"

import (
	"slices"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Key is what tells an activity from every other.
type Key struct {
	Product activity.Product
	// ID is the activity's, as Loki has it.
	ID string
}

// Activity is something that has to be in the log, and what it has to look like there.
type Activity struct {
	Key
	// Number is what the sender has numbered it by; the rest of its content follows from
	// number, form and time.
	Number int
	// Form is the same for activities that differ in nothing but number and time.
	Form string
	// At is the time that the sender tells, with as much of a second as it tells.
	At time.Time
	// Failed tells whether the log has to show it as an error.
	Failed bool
}

// Entry is an activity with what became of it.
type Entry struct {
	Activity
	// Phase is that in which it was sent.
	Phase int
	// Acknowledged is when the product said that it has it; of what is fetched, when the
	// vendor had it. It is zero if that never happened.
	Acknowledged time.Time
	// Took is how long the answer took that acknowledged it; 0 for what is fetched.
	Took time.Duration
	// AtRisk tells that it lay in a file that was damaged: it may be missing.
	AtRisk bool
}

// Ledger is one station's. Its methods may be called from any goroutine.
type Ledger struct {
	mu      sync.Mutex
	phase   int
	entries map[Key]*Entry
	newest  []*Entry
}

// New returns an empty ledger, in phase 0.
func New() *Ledger { return &Ledger{entries: map[Key]*Entry{}} }

// NextPhase begins another phase, and returns its number.
func (l *Ledger) NextPhase() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.phase++
	l.newest = nil
	return l.phase
}

// Sent notes activities that are on their way. Those that are known already are sent again.
func (l *Ledger) Sent(activities ...Activity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range activities {
		if l.entries[a.Key] == nil {
			l.entries[a.Key] = &Entry{Activity: a, Phase: l.phase}
		}
	}
}

// Acknowledged notes that the product has taken activities that were sent, with an answer
// that took so long.
func (l *Ledger) Acknowledged(took time.Duration, activities ...Activity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range activities {
		if e := l.entries[a.Key]; e != nil && e.Acknowledged.IsZero() {
			e.Acknowledged, e.Took = time.Now(), took
			l.newest = append(l.newest, e)
		}
	}
}

// Risk notes of activities that a file which was damaged may have held them.
func (l *Ledger) Risk(keys []Key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		if e := l.entries[key]; e != nil {
			e.AtRisk = true
		}
	}
}

// Find returns what is known of an activity.
func (l *Ledger) Find(key Key) (Entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.entries[key]; e != nil {
		return *e, true
	}
	return Entry{}, false
}

// All returns all entries, in no order.
func (l *Ledger) All() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := make([]Entry, 0, len(l.entries))
	for _, e := range l.entries {
		entries = append(entries, *e)
	}
	return entries
}

// Phase returns what was acknowledged in the phase of now, in its order.
func (l *Ledger) Phase() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := make([]Entry, len(l.newest))
	for i, e := range l.newest {
		entries[i] = *e
	}
	return entries
}

// Latest returns what was acknowledged last in the phase of now, if anything was that the
// filter takes.
func (l *Ledger) Latest(filter func(Entry) bool) (Entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range slices.Backward(l.newest) {
		if filter(*e) {
			return *e, true
		}
	}
	return Entry{}, false
}
