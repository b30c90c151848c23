// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package recovery puts the storage of an exporter's queue in order before the queue
// reads it: every item that is there is one that was not delivered, and the queue
// shall find each of them, whatever its metadata say.
package recovery // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/recovery"

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
)

// stored is one item found in the storage. There may be millions.
type stored struct {
	index uint64
	size  uint32
}

// quarantined is one item found in quarantine.
type quarantined struct {
	key  string
	size uint32
}

// inventory is what a storage holds.
type inventory struct {
	items       []stored
	quarantined []quarantined
	// total counts the items, not those in quarantine.
	total item.Size
	// metadata is what the queue wrote last; the zero value where that is missing or
	// damaged.
	metadata queuemeta.Metadata
	// legacy are the keys of an older queue's metadata.
	legacy []string
}

// scan reads every key once.
func scan(ctx context.Context, walker storage.Walker, signal string) (*inventory, error) {
	found := &inventory{}
	err := walker.Walk(ctx, func(key string, value []byte) ([]*storage.Operation, error) {
		found.add(signal, key, value)
		return nil, nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot list what the storage holds: %w", err)
	}
	slices.SortFunc(found.items, func(a, b stored) int { return cmp.Compare(a.index, b.index) })
	return found, nil
}

func (i *inventory) add(signal, key string, value []byte) {
	if index, ok := item.ParseKey(key); ok {
		size := item.Measure(signal, value)
		i.total.Bytes += size.Bytes
		i.total.Records += size.Records
		i.items = append(i.items, stored{index: index, size: sizeOf(value)})
		return
	}
	switch {
	case item.IsQuarantined(key):
		i.quarantined = append(i.quarantined, quarantined{key: key, size: sizeOf(value)})
	case key == queuemeta.Key:
		// Damaged metadata are no error: everything in them follows from the items.
		i.metadata, _ = queuemeta.Unmarshal(value)
	case slices.Contains(queuemeta.LegacyKeys, key):
		i.legacy = append(i.legacy, key)
	}
}

// sizeOf is never 0, which stands for an item that is not there.
func sizeOf(value []byte) uint32 {
	return uint32(min(max(len(value), 1), 1<<31))
}
