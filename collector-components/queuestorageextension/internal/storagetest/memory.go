// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package storagetest has a storage in memory, for tests, that fails on demand.
package storagetest // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/storagetest"

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/integrationlog/integrationlog/internal/storagebatch"
)

var (
	// ErrScripted is the error of a scripted failure.
	ErrScripted = errors.New("scripted failure")
	// ErrClosed is the error of a client that was closed.
	ErrClosed = errors.New("closed")
)

// Failure is how a transaction goes wrong.
type Failure int

const (
	// None lets the transaction succeed.
	None Failure = iota
	// Refuse writes nothing and returns an error.
	Refuse
	// WriteAndRefuse writes everything and returns an error all the same, like a disk
	// whose flush fails.
	WriteAndRefuse
)

// Memory is a storage with transactions, as file_storage is one.
type Memory struct {
	component.StartFunc
	component.ShutdownFunc

	mu     sync.Mutex
	values map[string][]byte
	fail   func(ops []*storage.Operation) Failure
	// Transactions counts the transactions, reads among them.
	transactions int
}

var _ storage.Extension = (*Memory)(nil)

// New returns a storage that holds the values.
func New(values map[string][]byte) *Memory {
	m := &Memory{values: make(map[string][]byte)}
	maps.Copy(m.values, values)
	return m
}

// FailWith makes transactions fail as the function says; nil ends that.
func (m *Memory) FailWith(fail func(ops []*storage.Operation) Failure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = fail
}

// Values returns a copy of what is stored.
func (m *Memory) Values() map[string][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.values)
}

// Put stores a value behind the back of every client.
func (m *Memory) Put(key string, value []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[key] = value
}

// Transactions is the number of transactions so far.
func (m *Memory) Transactions() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.transactions
}

// GetClient returns a client; all clients share the values.
func (m *Memory) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return m.Client(), nil
}

// Client returns a client.
func (m *Memory) Client() *Client {
	c := &Client{memory: m}
	c.Func = c.Batch
	return c
}

// Client is a client of [Memory].
type Client struct {
	storagebatch.Func

	memory *Memory
	closed bool
}

var (
	_ storage.Client = (*Client)(nil)
	_ storage.Walker = (*Client)(nil)
)

// Batch runs a transaction.
func (c *Client) Batch(_ context.Context, ops ...*storage.Operation) error {
	m := c.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	m.transactions++
	failure := None
	if m.fail != nil {
		failure = m.fail(ops)
	}
	if failure == Refuse {
		return ErrScripted
	}
	storagebatch.Apply(m.values, ops)
	if failure == WriteAndRefuse {
		return ErrScripted
	}
	return nil
}

// Walk visits the values in the order of their keys.
func (c *Client) Walk(_ context.Context, visit storage.WalkFunc) error {
	m := c.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil && m.fail(nil) != None {
		return ErrScripted
	}
	var all []*storage.Operation
	for _, key := range slices.Sorted(maps.Keys(m.values)) {
		ops, err := visit(key, m.values[key])
		all = append(all, ops...)
		if errors.Is(err, storage.SkipAll) {
			break
		}
		if err != nil {
			return err
		}
	}
	storagebatch.Apply(m.values, all)
	return nil
}

// Close ends the client.
func (c *Client) Close(context.Context) error {
	c.memory.mu.Lock()
	defer c.memory.mu.Unlock()
	c.closed = true
	return nil
}
