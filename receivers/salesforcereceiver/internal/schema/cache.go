// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package schema keeps the schemas of change events. Salesforce gives an object a new one
// when an admin changes its fields; fetching one takes about a second.
package schema // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/schema"

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
)

// DefaultSize is how many schemas are kept: some versions of each object of interest.
const DefaultSize = 64

// maxID bounds a schema's id, which is a hash of some 22 letters.
const maxID = 256

// ErrUnusable means that a schema is there, and no event can be read with it. Fetching it
// again would not help.
var ErrUnusable = errors.New("no event can be read with its schema")

// Fetch gets the text of a schema.
type Fetch func(ctx context.Context, id string) (string, error)

// Cache fetches each schema once, however many ask for it at the same time. A schema that
// could not be fetched is fetched when it is asked for again.
type Cache struct {
	fetch Fetch

	mu      sync.Mutex
	entries *simplelru.LRU[string, entry]
	// fetching has what is on its way.
	fetching map[string]*flight
}

// entry is a schema, or why it is unusable.
type entry struct {
	schema *changeevent.Schema
	err    error
}

// flight is one fetch, for which several may wait.
type flight struct {
	done  chan struct{}
	entry entry
}

// NewCache returns a cache of a size above zero.
func NewCache(size int, fetch Fetch) (*Cache, error) {
	entries, err := simplelru.NewLRU[string, entry](size, nil)
	if err != nil {
		return nil, fmt.Errorf("schema cache: %w", err)
	}
	return &Cache{fetch: fetch, entries: entries, fetching: map[string]*flight{}}, nil
}

// Get returns a schema. Its error wraps [ErrUnusable] where there is no use in asking
// again.
func (c *Cache) Get(ctx context.Context, id string) (*changeevent.Schema, error) {
	if id == "" || len(id) > maxID {
		return nil, fmt.Errorf("%w: the event does not name one", ErrUnusable)
	}
	for {
		c.mu.Lock()
		if known, ok := c.entries.Get(id); ok {
			c.mu.Unlock()
			return known.schema, known.err
		}
		other := c.fetching[id]
		if other == nil {
			mine := &flight{done: make(chan struct{})}
			c.fetching[id] = mine
			c.mu.Unlock()
			return c.fly(ctx, id, mine)
		}
		c.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-other.done:
		}
		if !isContextError(other.entry.err) {
			return other.entry.schema, other.entry.err
		}
		// whoever fetched it gave up, which is no failure of those who wait
	}
}

func (c *Cache) fly(ctx context.Context, id string, mine *flight) (*changeevent.Schema, error) {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.fetching, id)
		if mine.entry.schema != nil || errors.Is(mine.entry.err, ErrUnusable) {
			c.entries.Add(id, mine.entry)
		}
		close(mine.done)
	}()
	text, err := c.fetch(ctx, id)
	if err != nil {
		mine.entry.err = err
		return nil, err
	}
	mine.entry.schema, err = changeevent.NewSchema(text)
	if err != nil {
		mine.entry.err = fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	return mine.entry.schema, mine.entry.err
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
