// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package recovery // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/recovery"

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
)

// Items are moved a chunk at a time, so that memory stays bounded.
const (
	chunkItems = 256
	chunkBytes = 8 << 20
)

// errVanished means that somebody else works on the same storage.
var errVanished = errors.New("an item vanished while the queue was put in order: does another process use this storage?")

// Settings tell what to recover.
type Settings struct {
	// Signal is the queue's signal: logs, traces, metrics, profiles.
	Signal string
	// Requeue puts the items in quarantine back into the queue.
	Requeue bool
}

// Result tells what a storage holds after it was put in order.
type Result struct {
	// First is the index of the first item, Next the one behind the last.
	First, Next uint64
	// Sizes are the sizes of the stored items in bytes, in the order of their indexes.
	Sizes []uint32
	// Moved is the number of items that got another index.
	Moved int
	// Quarantined is the number of items in quarantine.
	Quarantined int
}

// Run puts the storage in order. It may be interrupted at any point: an item moves in
// one transaction, so it is there exactly once, and the next Run finishes the work.
func Run(ctx context.Context, client storage.Client, walker storage.Walker, settings Settings) (Result, error) {
	found, err := scan(ctx, walker, settings.Signal)
	if err != nil {
		return Result{}, err
	}
	l := plan(found.items, found.metadata.WriteIndex)
	inQuarantine := len(found.quarantined)
	if settings.Requeue {
		l.appendQuarantined(found.quarantined)
		inQuarantine = 0
	}

	for rest := l.moves; len(rest) > 0; {
		n := chunk(rest)
		moved, err := moveItems(ctx, client, rest[:n])
		if err != nil {
			return Result{}, err
		}
		if settings.Requeue {
			found.addMoved(settings.Signal, rest[:n], moved)
		}
		rest = rest[n:]
	}

	if err := writeMetadata(ctx, client, settings.Signal, found, l); err != nil {
		return Result{}, err
	}
	return Result{First: l.first, Next: l.next, Sizes: l.sizes, Moved: len(l.moves), Quarantined: inQuarantine}, nil
}

// chunk is how many of the moves fit into one transaction: at least one.
func chunk(moves []move) int {
	bytes := uint64(0)
	for n, m := range moves {
		bytes += uint64(m.size)
		if n > 0 && (n == chunkItems || bytes > chunkBytes) {
			return n
		}
	}
	return len(moves)
}

// moveItems moves the items in one transaction and returns their values.
func moveItems(ctx context.Context, client storage.Client, moves []move) ([][]byte, error) {
	gets := make([]*storage.Operation, len(moves))
	for i, m := range moves {
		gets[i] = storage.GetOperation(m.from)
	}
	if err := client.Batch(ctx, gets...); err != nil {
		return nil, fmt.Errorf("cannot read items that have to be moved: %w", err)
	}
	values := make([][]byte, len(moves))
	ops := make([]*storage.Operation, 0, 2*len(moves))
	for i, m := range moves {
		if gets[i].Value == nil {
			return nil, fmt.Errorf("%w (key %q)", errVanished, m.from)
		}
		values[i] = gets[i].Value
		ops = append(ops, storage.SetOperation(item.Key(m.to), gets[i].Value), storage.DeleteOperation(m.from))
	}
	if err := client.Batch(ctx, ops...); err != nil {
		return nil, fmt.Errorf("cannot move items: %w", err)
	}
	return values, nil
}

// addMoved counts the items that came back from the quarantine.
func (i *inventory) addMoved(signal string, moves []move, values [][]byte) {
	for n, m := range moves {
		if item.IsQuarantined(m.from) {
			size := item.Measure(signal, values[n])
			i.total.Bytes += size.Bytes
			i.total.Records += size.Records
		}
	}
}

// writeMetadata tells the queue where its items are. The sizes decide when the queue
// is full: what is too large refuses records until the queue was empty once, what is
// too small lets it grow beyond its limit. So they are counted from the items.
func writeMetadata(ctx context.Context, client storage.Client, signal string, found *inventory, l layout) error {
	records := found.total.Records
	if !item.Countable(signal) {
		// The queue's own figure, where it can be one: a request has at least one item.
		records = max(found.metadata.ItemsSize, int64(len(l.sizes)))
	}
	if len(l.sizes) == 0 {
		records = 0
	}
	ops := []*storage.Operation{storage.SetOperation(queuemeta.Key, queuemeta.Marshal(queuemeta.Metadata{
		ItemsSize:  records,
		BytesSize:  found.total.Bytes,
		ReadIndex:  l.first,
		WriteIndex: l.next,
	}))}
	for _, key := range found.legacy {
		ops = append(ops, storage.DeleteOperation(key))
	}
	if err := client.Batch(ctx, ops...); err != nil {
		return fmt.Errorf("cannot write the queue's metadata: %w", err)
	}
	return nil
}
