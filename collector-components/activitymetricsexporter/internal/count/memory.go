// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/count"

import (
	"fmt"
	"hash/maphash"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// identity is what no two activities share.
type identity struct{ product, id string }

// memory knows which activities were counted lately. It is not safe for concurrent use.
type memory struct {
	// digests stand for identities, which can be long. With two seeds that nobody knows
	// they have 128 bits, of which nobody can make two collide.
	digests *simplelru.LRU[[2]uint64, struct{}]
	seeds   [2]maphash.Seed
}

func newMemory(size int) (*memory, error) {
	digests, err := simplelru.NewLRU[[2]uint64, struct{}](size, nil)
	if err != nil {
		return nil, fmt.Errorf("memory of what was counted: %w", err)
	}
	return &memory{digests: digests, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}, nil
}

// before tells whether an activity was counted before, and remembers it. One without an
// id cannot be known again.
func (m *memory) before(product, id string) bool {
	if id == "" {
		return false
	}
	key := identity{product, id}
	digest := [2]uint64{maphash.Comparable(m.seeds[0], key), maphash.Comparable(m.seeds[1], key)}
	if _, known := m.digests.Get(digest); known {
		return true
	}
	m.digests.Add(digest, struct{}{})
	return false
}
