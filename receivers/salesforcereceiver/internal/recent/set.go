// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package recent remembers the activities that were handed over lately, so that none is
// stored twice that Salesforce delivers twice: by two topics, or when a topic is read from
// its beginning again. What an earlier process has handed over is looked up in Loki.
package recent // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/recent"

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// DefaultSize is how many activities are remembered, with about 150 bytes each. It is more
// than most organizations' allocation of deliveries in the 72 hours that can come again.
const DefaultSize = 100_000

// digest stands for an id.
type digest [16]byte

// Set is what is remembered. Several streams may share it.
type Set struct {
	mu  sync.Mutex
	ids *simplelru.LRU[digest, struct{}]
}

// New returns a set of a size above zero.
func New(size int) (*Set, error) {
	ids, err := simplelru.NewLRU[digest, struct{}](size, nil)
	if err != nil {
		return nil, fmt.Errorf("recent activities: %w", err)
	}
	return &Set{ids: ids}, nil
}

// Claim returns the activities that nobody has claimed, in their order, and remembers
// them. Whoever claims has to hand over, as often as it takes, or to release: the others go
// on as if that was done. If the process ends before, the position of whoever claimed has
// not moved. The slice is used for the result.
func (s *Set) Claim(activities []activity.Activity) []activity.Activity {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := activities[:0]
	for i := range activities {
		key := digestOf(activities[i].ID)
		if _, known := s.ids.Get(key); known {
			continue
		}
		s.ids.Add(key, struct{}{})
		fresh = append(fresh, activities[i])
	}
	return fresh
}

// Release forgets activities that were claimed and not handed over. The position of whoever
// claimed has not moved, so they come again.
func (s *Set) Release(activities []activity.Activity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range activities {
		s.ids.Remove(digestOf(activities[i].ID))
	}
}

func digestOf(id string) digest {
	sum := sha256.Sum256([]byte(id))
	return digest(sum[:len(digest{})])
}
