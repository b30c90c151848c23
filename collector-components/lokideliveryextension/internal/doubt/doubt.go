// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package doubt remembers the pushes of which nobody knows whether they were stored: a
// connection that broke, a timeout, a proxy's error.
package doubt // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/doubt"

import (
	"hash/maphash"
	"sync"
)

// maxPushes bounds the memory. An exporter has no more pushes in doubt than it has
// consumers, because each goes on with its own until it is settled.
const maxPushes = 4096

// Set remembers pushes by a hash of their bodies. A collision costs a look-up too many.
type Set struct {
	seed maphash.Seed

	mu     sync.Mutex
	pushes map[uint64]struct{}
	// overflown means that a push was not remembered; then all are in doubt.
	overflown bool
}

// NewSet returns an empty set.
func NewSet() *Set {
	return &Set{seed: maphash.MakeSeed(), pushes: make(map[uint64]struct{})}
}

// Add remembers a push by its uncompressed body.
func (s *Set) Add(body []byte) {
	hash := maphash.Bytes(s.seed, body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pushes) >= maxPushes {
		s.overflown = true
		return
	}
	s.pushes[hash] = struct{}{}
}

// Remove forgets a push that is settled.
func (s *Set) Remove(body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pushes) == 0 {
		return
	}
	delete(s.pushes, maphash.Bytes(s.seed, body))
}

// Has tells whether a push may have been stored before.
func (s *Set) Has(body []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.overflown {
		return true
	}
	if len(s.pushes) == 0 {
		return false
	}
	_, ok := s.pushes[maphash.Bytes(s.seed, body)]
	return ok
}
