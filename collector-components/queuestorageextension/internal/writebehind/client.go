// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package writebehind is the storage client that an exporter's persistent queue works
// with. It commits an item before it returns, as the queue's caller is told that the
// item is safe. What only tells how far the queue is (its metadata, the deletion of
// what is delivered) waits for the next transaction, because each transaction is a
// write to the disk. It never deletes an item that the queue could not read.
package writebehind // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/recovery"
	"github.com/integrationlog/integrationlog/internal/storagebatch"
)

var (
	errClosed  = errors.New("the queue's storage is closed")
	errMissing = errors.New("the storage holds no item of this index")
)

// Recorder is told what an operator has to know.
type Recorder interface {
	// WriteFailed is called for each transaction that failed.
	WriteFailed()
	// Quarantined is called when an item that cannot be decoded was set aside.
	Quarantined()
	// Unreadable is called when an item could not be read and stays for the next start.
	Unreadable()
}

// Settings of a client.
type Settings struct {
	// Signal is the queue's signal.
	Signal string
	// FlushInterval is the longest that a write waits.
	FlushInterval time.Duration
	// MaxPending is how many writes may wait.
	MaxPending int
	// CacheBytes bounds the items kept in memory.
	CacheBytes int64
	// ReadPause is the first pause before a failed read is tried again. Meanwhile the
	// queue, and with it the intake, waits.
	ReadPause time.Duration
	// Logger gets what cannot be told to the queue.
	Logger *zap.Logger
	// Recorder counts.
	Recorder Recorder
	// Backlog is the number of items of an earlier process, over all queues.
	Backlog *atomic.Int64
	// Closed is called once, when the client was closed.
	Closed func(ctx context.Context, client *Client)
}

// Client is the storage of one queue.
type Client struct {
	storagebatch.Func

	inner    storage.Client
	settings Settings

	mu      sync.Mutex
	closed  bool
	pending pending
	timer   *time.Timer
	armed   bool
	// failedAt is when the last flush failed; the zero time after one that did not.
	failedAt time.Time
	run      run
	window   window
	backlog  *backlog
	// held are items that the queue asked for and could not get.
	held map[uint64]heldItem
	// last is what the previous call gave to the queue.
	last *givenItem
}

var _ storage.Client = (*Client)(nil)

// New returns a client for a storage that [recovery.Run] has put in order.
func New(inner storage.Client, recovered recovery.Result, settings Settings) *Client {
	c := &Client{
		inner:    inner,
		settings: settings,
		run:      run{first: recovered.First, sizes: recovered.Sizes},
		window:   window{limit: settings.CacheBytes, first: recovered.First},
		backlog:  newBacklog(recovered.First, len(recovered.Sizes), settings.Backlog),
		held:     make(map[uint64]heldItem),
	}
	c.Func = c.Batch
	c.timer = time.AfterFunc(time.Hour, c.flushLater)
	c.timer.Stop()
	return c
}

// Batch runs the operations in their order. If one of them stores an item, all of them
// and everything that waits are committed in one transaction before it returns.
func (c *Client) Batch(ctx context.Context, ops ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed
	}
	last := c.last
	c.last = nil
	if mustCommit(ops) {
		return c.commitNow(ctx, ops)
	}

	err := c.apply(ctx, ops, last)
	c.schedule(ctx)
	return err
}

// apply runs operations of which none has to be committed at once.
func (c *Client) apply(ctx context.Context, ops []*storage.Operation, last *givenItem) error {
	for _, op := range ops {
		index, isItem := item.ParseKey(op.Key)
		switch op.Type {
		case storage.Set:
			c.pending.setMetadata(op.Value)
		case storage.Delete:
			c.finish(index, last)
		case storage.Get:
			value, err := c.read(ctx, op.Key, index, isItem)
			if err != nil {
				return err
			}
			op.Value = value
		}
	}
	return nil
}

// mustCommit tells whether a batch does more than a queue does when it hands out an
// item or is done with one.
func mustCommit(ops []*storage.Operation) bool {
	for _, op := range ops {
		_, isItem := item.ParseKey(op.Key)
		switch op.Type {
		case storage.Get:
		case storage.Set:
			if op.Key != queuemeta.Key {
				return true
			}
		case storage.Delete:
			if !isItem {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// Close commits what waits and closes the storage.
func (c *Client) Close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	c.disarm()
	err := c.commit(ctx)
	if err != nil {
		c.settings.Logger.Error("What the queue delivered last could not be marked as delivered; "+
			"it will be sent again after the next start", zap.Int("writes", c.pending.len()), zap.Error(err))
	}
	c.backlog.close()
	c.settings.Closed(ctx, c)
	return errors.Join(err, c.inner.Close(ctx))
}
