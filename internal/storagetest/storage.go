// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package storagetest is a storage extension in memory, for tests. It outlives the
// receivers that use it, as a file would, and it fails when it is told to.
package storagetest // import "github.com/integrationlog/integrationlog/internal/storagetest"

import (
	"context"
	"errors"
	"maps"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/integrationlog/integrationlog/internal/storagebatch"
)

// Storage is a storage extension and the only client of itself.
type Storage struct {
	component.StartFunc
	component.ShutdownFunc

	mu    sync.Mutex
	data  map[string][]byte
	err   error
	saves int
	open  int
}

var (
	_ storage.Extension = (*Storage)(nil)
	_ storage.Client    = (*client)(nil)
)

// New returns an empty storage.
func New() *Storage { return &Storage{data: map[string][]byte{}} }

// Copy returns another storage with the same content: what a killed process leaves.
func (s *Storage) Copy() *Storage { return &Storage{data: s.Data()} }

// FailWith makes whatever follows fail, until it is called with nil.
func (s *Storage) FailWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// Data returns a copy of what is stored.
func (s *Storage) Data() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.data)
}

// Put stores a value as if a client had done it.
func (s *Storage) Put(key string, value []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data[key] = value
}

// Remove removes a value as if a client had done it.
func (s *Storage) Remove(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.data, key)
}

// Saves returns how many batches were written.
func (s *Storage) Saves() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saves
}

// Open returns how many clients are not closed.
func (s *Storage) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// GetClient returns a client; there is no other namespace than its own.
func (s *Storage) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	s.open++
	c := &client{storage: s}
	c.Func = c.Batch
	return c, nil
}

type client struct {
	storagebatch.Func

	storage *Storage
	closed  bool
}

func (c *client) Batch(ctx context.Context, ops ...*storage.Operation) error {
	s := c.storage
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.closed:
		return errors.New("the client is closed")
	case ctx.Err() != nil:
		return ctx.Err()
	case s.err != nil:
		return s.err
	}
	s.saves += min(1, storagebatch.Apply(s.data, ops))
	return nil
}

func (c *client) Close(context.Context) error {
	c.storage.mu.Lock()
	defer c.storage.mu.Unlock()
	if c.closed {
		return errors.New("the client is closed already")
	}
	c.closed = true
	c.storage.open--
	return nil
}
