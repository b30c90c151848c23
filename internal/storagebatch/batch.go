// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package storagebatch has what storages have in common whose every call is a batch: the
// calls of a [storage.Client] for one value, and batches that are done in memory.
package storagebatch // import "github.com/integrationlog/integrationlog/internal/storagebatch"

import (
	"bytes"
	"context"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Func is a client's Batch. A client embeds it to have the calls for one value.
type Func func(ctx context.Context, ops ...*storage.Operation) error

// Get returns the value of a key, nil where there is none.
func (batch Func) Get(ctx context.Context, key string) ([]byte, error) {
	op := storage.GetOperation(key)
	if err := batch(ctx, op); err != nil {
		return nil, err
	}
	return op.Value, nil
}

// Set stores a value.
func (batch Func) Set(ctx context.Context, key string, value []byte) error {
	return batch(ctx, storage.SetOperation(key, value))
}

// Delete removes a value.
func (batch Func) Delete(ctx context.Context, key string) error {
	return batch(ctx, storage.DeleteOperation(key))
}

// Apply does the operations to values, in their order, and returns how many of them wrote.
// It keeps and gives copies.
func Apply(values map[string][]byte, ops []*storage.Operation) int {
	writes := 0
	for _, op := range ops {
		switch op.Type {
		case storage.Get:
			op.Value = bytes.Clone(values[op.Key])
			continue
		case storage.Set:
			values[op.Key] = bytes.Clone(op.Value)
		case storage.Delete:
			delete(values, op.Key)
		}
		writes++
	}
	return writes
}
