// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package checkpoint // import "github.com/integrationlog/integrationlog/internal/checkpoint"

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/integrationlog/integrationlog/internal/storagebatch"
)

// memory is a client of no storage; the collector's own forgets at once.
type memory struct {
	storagebatch.Func

	mu   sync.Mutex
	data map[string][]byte
}

var _ storage.Client = (*memory)(nil)

func newMemory() *memory {
	m := &memory{data: map[string][]byte{}}
	m.Func = m.Batch
	return m
}

func (m *memory) Batch(_ context.Context, ops ...*storage.Operation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	storagebatch.Apply(m.data, ops)
	return nil
}

func (*memory) Close(context.Context) error { return nil }
