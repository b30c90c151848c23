// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package seen remembers which activities were accepted, so that one which a
// vendor delivers again is not stored again.
package seen // import "github.com/integrationlog/integrationlog/internal/webhook/internal/seen"

import (
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Key stands for an activity's id. 128 bits of SHA-256 keep the memory small, and
// nobody can make two ids collide.
type Key [16]byte

// NewKey returns the key of an id.
func NewKey(id string) Key {
	sum := sha256.Sum256([]byte(id))
	return Key(sum[:16])
}

// Set is a bounded memory of accepted activities, and of those under way. It is
// safe for concurrent use.
type Set struct {
	limit int
	ttl   time.Duration

	mu       sync.Mutex
	accepted *simplelru.LRU[Key, time.Time]
	// arrived tells of what was not accepted yet when it came first.
	arrived *simplelru.LRU[Key, time.Time]
	// underway holds what is claimed; the value is nil until somebody waits.
	underway map[Key]*Settlement
	// journal is what a store has not taken yet; without a store there is none.
	journal    []entry
	journaling bool
}

// entry says when a key was accepted, or that it has arrived.
type entry struct {
	key     Key
	at      time.Time
	arrival bool
}

// New returns a set that remembers at most limit keys for ttl.
func New(limit int, ttl time.Duration) (*Set, error) {
	s := &Set{limit: limit, ttl: ttl, underway: map[Key]*Settlement{}}
	var err, arrivedErr error
	s.accepted, err = simplelru.NewLRU[Key, time.Time](limit, nil)
	s.arrived, arrivedErr = simplelru.NewLRU[Key, time.Time](limit, nil)
	return s, errors.Join(err, arrivedErr)
}

// State is what a set knows of a key.
type State int

const (
	// Claimed means that nobody has it; it is the caller's now, who has to settle it.
	Claimed State = iota
	// Accepted means that it was accepted before.
	Accepted
	// Underway means that another caller has claimed it and not settled it yet.
	Underway
)

// Settlement is what becomes of another caller's claim.
type Settlement struct {
	done     chan struct{}
	accepted bool
}

// Done is closed once the claim is settled.
func (s *Settlement) Done() <-chan struct{} { return s.done }

// Accepted tells how the claim was settled. It is to be asked after Done.
func (s *Settlement) Accepted() bool { return s.accepted }

// Claim claims a key. If another caller has it already, the settlement tells what
// becomes of that claim; otherwise it is nil.
func (s *Set) Claim(key Key, now time.Time) (State, *Settlement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.accepted.Peek(key); ok && now.Sub(at) < s.ttl {
		return Accepted, nil
	}
	settlement, claimed := s.underway[key]
	if !claimed {
		s.underway[key] = nil
		return Claimed, nil
	}
	if settlement == nil {
		settlement = &Settlement{done: make(chan struct{})}
		s.underway[key] = settlement
	}
	return Underway, settlement
}

// Arrive notes that a claimed key has arrived, and returns when it did so first. What the
// source gives no time gets this one; a key that comes again, perhaps after the process
// was killed while it was handed over, must get the same.
func (s *Set) Arrive(key Key, now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.arrived.Peek(key); ok && now.Sub(at) < s.ttl {
		return at
	}
	s.arrived.Add(key, now)
	if s.journaling {
		s.journal = append(s.journal, entry{key: key, at: now, arrival: true})
	}
	return now
}

// Settle ends a claim: the keys were accepted, or they were not and may come
// again. It returns how many others had to leave before their time.
func (s *Set) Settle(keys []Key, accepted bool, now time.Time) (forgotten int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		if accepted {
			if s.remember(key, now, now) {
				forgotten++
			}
			if s.journaling {
				s.journal = append(s.journal, entry{key: key, at: now})
			}
		}
		if settlement := s.underway[key]; settlement != nil {
			settlement.accepted = accepted
			close(settlement.done)
		}
		delete(s.underway, key)
	}
	return forgotten
}

// remember adds a key, and tells whether the oldest had to leave before its time.
// Keys are added in the order of time, so that the oldest is the first to leave.
func (s *Set) remember(key Key, at, now time.Time) (forgotten bool) {
	s.arrived.Remove(key)
	_, oldest, ok := s.accepted.GetOldest()
	return s.accepted.Add(key, at) && ok && now.Sub(oldest) < s.ttl
}

// takeJournal returns what was accepted since the last call.
func (s *Set) takeJournal() []entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	journal := s.journal
	s.journal = nil
	return journal
}
