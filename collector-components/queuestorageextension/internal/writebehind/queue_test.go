// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata/request"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/recovery"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// counts is a Recorder.
type counts struct{ writeFailed, quarantined, unreadable int }

func (c *counts) WriteFailed() { c.writeFailed++ }
func (c *counts) Quarantined() { c.quarantined++ }
func (c *counts) Unreadable()  { c.unreadable++ }

// harness opens clients on one storage, as one process after another does.
type harness struct {
	memory   *storagetest.Memory
	recorder *counts
	backlog  *atomic.Int64
	settings Settings
}

func newHarness(memory *storagetest.Memory) *harness {
	h := &harness{memory: memory, recorder: &counts{}, backlog: &atomic.Int64{}}
	h.settings = Settings{
		Signal:        "logs",
		FlushInterval: time.Hour, // tests decide when
		MaxPending:    1000,
		CacheBytes:    1 << 20,
		ReadPause:     time.Nanosecond,
		Logger:        zap.NewNop(),
		Recorder:      h.recorder,
		Backlog:       h.backlog,
		Closed:        func(context.Context, *Client) {},
	}
	return h
}

func (h *harness) open(t require.TestingT) *queue {
	inner := h.memory.Client()
	recovered, err := recovery.Run(context.Background(), inner, inner, recovery.Settings{Signal: "logs"})
	require.NoError(t, err)
	return &queue{
		client: New(inner, recovered, h.settings),
		meta:   queuemeta.Metadata{ReadIndex: recovered.First, WriteIndex: recovered.Next},
	}
}

// queue makes the calls that exporterhelper's persistent queue makes.
type queue struct {
	client     *Client
	meta       queuemeta.Metadata
	dispatched []uint64
}

func (q *queue) put(payload []byte) error {
	q.meta.WriteIndex++
	return q.client.Batch(context.Background(),
		storage.SetOperation(queuemeta.Key, queuemeta.Marshal(q.meta)),
		storage.SetOperation(item.Key(q.meta.WriteIndex-1), payload))
}

func (q *queue) empty() bool { return q.meta.ReadIndex == q.meta.WriteIndex }

// next hands out the next item, or what went wrong. Then the queue has dropped the item.
func (q *queue) next() (uint64, []byte, error) {
	index := q.meta.ReadIndex
	q.meta.ReadIndex++
	q.dispatched = append(q.dispatched, index)
	get := storage.GetOperation(item.Key(index))
	err := q.client.Batch(context.Background(), storage.SetOperation(queuemeta.Key, queuemeta.Marshal(q.meta)), get)
	if err == nil {
		err = item.Decode("logs", get.Value)
	}
	if err != nil {
		q.done(index)
		return index, nil, err
	}
	return index, get.Value, nil
}

func (q *queue) done(index uint64) {
	for i, d := range q.dispatched {
		if d == index {
			q.dispatched = append(q.dispatched[:i], q.dispatched[i+1:]...)
			break
		}
	}
	_ = q.client.Batch(context.Background(),
		storage.SetOperation(queuemeta.Key, queuemeta.Marshal(q.meta)),
		storage.DeleteOperation(item.Key(index)))
}

// kill ends the process: what waits is gone, and timers of the dead do nothing.
func (q *queue) kill() {
	q.client.mu.Lock()
	defer q.client.mu.Unlock()
	q.client.closed = true
	q.client.disarm()
	q.client.settings.Backlog.Store(0)
}

// logsWith is a payload that a queue can decode.
func logsWith(t require.TestingT, body string) []byte {
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(body)
	payload, err := request.MarshalLogs(context.Background(), logs)
	require.NoError(t, err)
	return payload
}

// undecodable is a payload that no queue can decode.
func undecodable(body string) []byte {
	return append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, body...)
}
