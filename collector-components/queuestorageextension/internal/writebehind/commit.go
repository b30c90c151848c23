// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/internal/seal"
)

// commit writes what waits, and ops after it, in one transaction. If that fails
// everything goes on waiting.
func (c *Client) commit(ctx context.Context, ops ...*storage.Operation) error {
	all := append(c.pending.operations(), ops...)
	if len(all) == 0 {
		return nil
	}
	if err := c.inner.Batch(ctx, all...); err != nil {
		c.settings.Recorder.WriteFailed()
		return err
	}
	c.pending.clear()
	c.disarm()
	c.failedAt = time.Time{}
	return nil
}

// commitNow commits a batch that must not wait.
func (c *Client) commitNow(ctx context.Context, ops []*storage.Operation) error {
	inner := make([]*storage.Operation, len(ops))
	for i, op := range ops {
		inner[i] = op
		if _, isItem := item.ParseKey(op.Key); isItem && op.Type == storage.Set {
			inner[i] = storage.SetOperation(op.Key, seal.Seal(op.Value))
		}
	}
	if err := c.commit(ctx, inner...); err != nil {
		c.forgetFailed(inner)
		return err
	}
	for i, op := range ops {
		index, isItem := item.ParseKey(op.Key)
		if !isItem {
			continue
		}
		switch op.Type {
		case storage.Set:
			c.run.put(index, len(inner[i].Value))
			c.window.put(index, inner[i].Value)
		case storage.Delete:
			c.window.drop(index)
			c.backlog.done(index)
		case storage.Get:
			value, err := seal.Open(op.Value)
			if err != nil {
				return err
			}
			op.Value = value
		}
	}
	return nil
}

// forgetFailed sees to it that an item whose caller was told that it is not stored does
// not turn up later: a storage can fail after the write, when it waits for the disk.
func (c *Client) forgetFailed(ops []*storage.Operation) {
	for _, op := range ops {
		if index, isItem := item.ParseKey(op.Key); isItem && op.Type == storage.Set && !c.run.has(index) {
			c.pending.deleteItem(index)
		}
	}
	c.arm()
}

// schedule sees to it that what waits is committed in time: at once if it is too much.
func (c *Client) schedule(ctx context.Context) {
	if c.pending.len() == 0 {
		return
	}
	// After a failure the timer tries again, not every call of the queue.
	if c.pending.len() >= c.settings.MaxPending && c.failedAt.IsZero() {
		c.flush(ctx)
		return
	}
	c.arm()
}

// arm starts the timer unless it runs.
func (c *Client) arm() {
	if !c.armed {
		c.armed = true
		c.timer.Reset(c.settings.FlushInterval)
	}
}

func (c *Client) disarm() {
	c.armed = false
	c.timer.Stop()
}

// flushLater is what the timer calls.
func (c *Client) flushLater() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.armed = false
	c.flush(context.Background())
}

// flush commits what waits; if that fails, the timer tries again.
func (c *Client) flush(ctx context.Context) {
	if err := c.commit(ctx); err != nil {
		if c.failedAt.IsZero() {
			c.settings.Logger.Warn("What the queue delivered cannot be marked as delivered in its storage; trying on. "+
				"If the process ends before that, these items are sent again", zap.Error(err))
		}
		c.failedAt = time.Now()
		c.arm()
	}
}
