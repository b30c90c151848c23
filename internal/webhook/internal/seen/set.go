// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package seen remembers which activities were accepted, so that one which a
// vendor delivers again is not stored again.
package seen // import "github.com/integrationlog/integrationlog/internal/webhook/internal/seen"

import (
	"crypto/sha256"
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
	underway map[Key]chan struct{}
	journal  []entry
	// forgotten counts keys that had to leave before their time.
	forgotten int64
}

type entry struct {
	key Key
	at  time.Time
}

// New returns a set that remembers at most limit keys for ttl.
func New(limit int, ttl time.Duration) (*Set, error) {
	s := &Set{limit: limit, ttl: ttl, underway: map[Key]chan struct{}{}}
	var err error
	s.accepted, err = simplelru.NewLRU[Key, time.Time](limit, nil)
	return s, err
}

// State is what a set knows of a key.
type State int

const (
	// Claimed: nobody has it; it is the caller's now, who has to settle it.
	Claimed State = iota
	// Accepted: it was accepted before.
	Accepted
	// Underway: another caller has claimed it and not settled it yet.
	Underway
)

// Claim claims a key. If another caller has it, the channel is closed once that
// one has settled it.
func (s *Set) Claim(key Key, now time.Time) (State, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.accepted.Peek(key); ok && now.Sub(at) < s.ttl {
		return Accepted, nil
	}
	if settled, ok := s.underway[key]; ok {
		return Underway, settled
	}
	s.underway[key] = make(chan struct{})
	return Claimed, nil
}

// Settle ends a claim: the key was accepted, or it was not and may come again.
func (s *Set) Settle(keys []Key, accepted bool, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		if accepted {
			s.remember(key, now, now)
			s.journal = append(s.journal, entry{key, now})
		}
		if settled, ok := s.underway[key]; ok {
			close(settled)
			delete(s.underway, key)
		}
	}
}

// remember adds a key; entries are in the order of time, so that the oldest is
// the first to leave.
func (s *Set) remember(key Key, at, now time.Time) {
	_, oldest, ok := s.accepted.GetOldest()
	if s.accepted.Add(key, at) && ok && now.Sub(oldest) < s.ttl {
		s.forgotten++
	}
}

// Forgotten returns how many keys had to leave before their time since the last
// call.
func (s *Set) Forgotten() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.forgotten
	s.forgotten = 0
	return n
}

// Accepted tells whether the key was accepted.
func (s *Set) Accepted(key Key, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.accepted.Peek(key)
	return ok && now.Sub(at) < s.ttl
}
