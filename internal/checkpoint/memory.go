// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package checkpoint // import "github.com/integrationlog/integrationlog/internal/checkpoint"

import (
	"bytes"
	"context"
	"sync"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// memory is a client of no storage; the collector's own forgets at once.
type memory struct {
	mu   sync.Mutex
	data map[string][]byte
}

var _ storage.Client = (*memory)(nil)

func newMemory() *memory { return &memory{data: map[string][]byte{}} }

func (m *memory) Get(ctx context.Context, key string) ([]byte, error) {
	op := storage.GetOperation(key)
	err := m.Batch(ctx, op)
	return op.Value, err
}

func (m *memory) Set(ctx context.Context, key string, value []byte) error {
	return m.Batch(ctx, storage.SetOperation(key, value))
}

func (m *memory) Delete(ctx context.Context, key string) error {
	return m.Batch(ctx, storage.DeleteOperation(key))
}

func (m *memory) Batch(_ context.Context, ops ...*storage.Operation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, op := range ops {
		switch op.Type {
		case storage.Get:
			op.Value = bytes.Clone(m.data[op.Key])
		case storage.Set:
			m.data[op.Key] = bytes.Clone(op.Value)
		case storage.Delete:
			delete(m.data, op.Key)
		}
	}
	return nil
}

func (*memory) Close(context.Context) error { return nil }
