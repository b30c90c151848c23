// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
	"github.com/integrationlog/integrationlog/internal/seal"
)

const (
	// aheadItems bounds how many items one read takes.
	aheadItems = 1024
	// A read that fails is tried again, with pauses that double.
	readAttempts = 6
)

// givenItem is what a call gave to the queue.
type givenItem struct {
	index   uint64
	stored  []byte
	payload []byte
}

// heldItem is an item that the queue asked for and did not get. The queue deletes it
// next; that must not happen.
type heldItem struct {
	// damaged holds the bytes if the item is there and its checksum is wrong; nil if
	// it could not be read.
	damaged []byte
	reason  error
}

// read answers a queue's read.
func (c *Client) read(ctx context.Context, key string, index uint64, isItem bool) ([]byte, error) {
	if !isItem {
		if key == queuemeta.Key && c.pending.metadata != nil {
			return c.pending.metadata, nil
		}
		return c.inner.Get(ctx, key)
	}
	if c.pending.deleted(index) {
		return nil, missing(index)
	}
	stored, err := c.load(ctx, index)
	c.run.read(index)
	if err != nil {
		c.held[index] = heldItem{reason: err}
		return nil, err
	}
	if stored == nil {
		return nil, missing(index)
	}
	payload, err := seal.Open(stored)
	if err != nil {
		c.held[index] = heldItem{damaged: stored, reason: err}
		return nil, err
	}
	c.last = &givenItem{index: index, stored: stored, payload: payload}
	return payload, nil
}

// missing is an error and not a nil value, because the queue would take that for an
// empty request and send it.
func missing(index uint64) error { return fmt.Errorf("%w: %d", errMissing, index) }

// load returns an item's stored value, from memory or from the storage together with
// those that follow it. The read is a transaction that writes, so what waits goes along.
func (c *Client) load(ctx context.Context, index uint64) ([]byte, error) {
	if stored := c.window.take(index); stored != nil {
		return stored, nil
	}
	indexes := c.run.ahead(index, c.settings.CacheBytes, aheadItems)
	pause := c.settings.ReadPause
	for attempt := 1; ; attempt++ {
		stored, err := c.readAhead(ctx, indexes)
		if err == nil {
			return stored, nil
		}
		if attempt == readAttempts {
			return nil, fmt.Errorf("cannot read item %d: %w", index, err)
		}
		indexes = indexes[:1]
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		pause *= 2
	}
}

// readAhead reads the items, keeps all but the first for later, and returns that one.
func (c *Client) readAhead(ctx context.Context, indexes []uint64) ([]byte, error) {
	gets := make([]*storage.Operation, len(indexes))
	for i, index := range indexes {
		gets[i] = storage.GetOperation(item.Key(index))
	}
	if err := c.commit(ctx, gets...); err != nil {
		return nil, err
	}
	c.window.follow(indexes[0] + 1)
	for i, op := range gets[1:] {
		c.window.put(indexes[i+1], op.Value)
	}
	return gets[0].Value, nil
}

// finish is the queue's word that it is done with an item: delivered, or dropped
// because it could not be read. Only what was delivered may go.
func (c *Client) finish(index uint64, last *givenItem) {
	c.backlog.done(index)
	c.window.drop(index)
	held, isHeld := c.held[index]
	delete(c.held, index)
	if isHeld && held.damaged == nil {
		c.settings.Recorder.Unreadable()
		c.settings.Logger.Error("An item of the sending queue could not be read. It stays in the storage and is tried again at the next start of "+
			"the collector; check the disk", zap.Uint64("item", index), zap.Error(held.reason))
		return
	}
	if isHeld {
		c.quarantine(index, held.damaged, held.reason)
		return
	}
	// The queue calls this right after it got an item, and holds its lock meanwhile, if
	// and only if it could not decode that item or nothing else happened until it was
	// delivered. Decoding it once more tells which.
	if last != nil && last.index == index {
		if err := item.Decode(c.settings.Signal, last.payload); err != nil {
			c.quarantine(index, last.stored, err)
			return
		}
	}
	c.pending.deleteItem(index)
}

func (c *Client) quarantine(index uint64, stored []byte, reason error) {
	key := item.QuarantineKey(index, time.Now())
	c.pending.moveItem(index, key, stored)
	c.settings.Recorder.Quarantined()
	c.settings.Logger.Error("An item of the sending queue cannot be decoded. It was set aside in the queue's storage and is not delivered; "+
		"see 'Quarantine' in the README of queue_storage for how to look at it, and how to put it back",
		zap.String("key", key), zap.Int("bytes", len(stored)), zap.Error(reason))
}
