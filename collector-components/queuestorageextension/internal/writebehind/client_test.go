// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/storagetest"
	"github.com/integrationlog/integrationlog/internal/seal"
)

// transactions returns how many transactions f takes.
func (h *harness) transactions(f func()) int {
	before := h.memory.Transactions()
	f()
	return h.memory.Transactions() - before
}

func putMany(t *testing.T, q *queue, n int) {
	t.Helper()
	for i := range n {
		require.NoError(t, q.put(logsWith(t, fmt.Sprintf("item %d", i))))
	}
}

func drain(t *testing.T, q *queue) {
	t.Helper()
	for !q.empty() {
		index, _, err := q.next()
		require.NoError(t, err)
		q.done(index)
	}
}

func TestOneTransactionForEachItem(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	assert.Equal(t, 100, h.transactions(func() { putMany(t, q, 100) }))
	assert.Zero(t, h.transactions(func() { drain(t, q) }), "what was just put is read from memory, and deleting it can wait")
	assert.Equal(t, 1, h.transactions(func() { require.NoError(t, q.put(logsWith(t, "next"))) }))
	assert.Len(t, h.memory.Values(), 2, "the deletions went along with the next item")
	require.NoError(t, q.client.Close(t.Context()))
}

func TestReadsAheadAfterARestart(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	putMany(t, q, 100)
	q.kill()

	q = h.open(t)
	assert.Equal(t, 1, h.transactions(func() { drain(t, q) }))
	assert.Equal(t, 1, h.transactions(func() { require.NoError(t, q.client.Close(t.Context())) }))
}

func TestReadAheadIsBoundedInBytes(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	payload := logsWith(t, strings.Repeat("x", 1000))
	h.settings.CacheBytes = 3 * int64(len(seal.Seal(payload)))
	q := h.open(t)
	for range 12 {
		require.NoError(t, q.put(payload))
	}
	// Three items are in memory, the other nine come three at a time.
	assert.Equal(t, 3, h.transactions(func() { drain(t, q) }))
	require.NoError(t, q.client.Close(t.Context()))
}

func TestAnItemLargerThanTheCache(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	h.settings.CacheBytes = 1
	q := h.open(t)
	putMany(t, q, 3)
	assert.Equal(t, 3, h.transactions(func() { drain(t, q) }))
	require.NoError(t, q.client.Close(t.Context()))
}

func TestDeletionsAreCommittedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(storagetest.New(nil))
		h.settings.FlushInterval = time.Second
		q := h.open(t)
		putMany(t, q, 2)
		first, _, err := q.next()
		require.NoError(t, err)
		q.done(first)
		time.Sleep(999 * time.Millisecond) // the bubble's clock, not the wall's
		assert.Contains(t, h.memory.Values(), item.Key(first))
		time.Sleep(2 * time.Millisecond) // the bubble's clock, not the wall's
		synctest.Wait()
		assert.NotContains(t, h.memory.Values(), item.Key(first))
		require.NoError(t, q.client.Close(t.Context()))
	})
}

func TestFailedDeletionsAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(storagetest.New(nil))
		h.settings.FlushInterval = time.Second
		q := h.open(t)
		putMany(t, q, 1)
		index, _, err := q.next()
		require.NoError(t, err)
		h.memory.FailWith(func([]*storage.Operation) storagetest.Failure { return storagetest.Refuse })
		q.done(index)
		time.Sleep(3500 * time.Millisecond) // the bubble's clock, not the wall's
		synctest.Wait()
		assert.Equal(t, 3, h.recorder.writeFailed)
		assert.Contains(t, h.memory.Values(), item.Key(index))

		h.memory.FailWith(nil)
		time.Sleep(time.Second) // the bubble's clock, not the wall's
		synctest.Wait()
		assert.NotContains(t, h.memory.Values(), item.Key(index))
		require.NoError(t, q.client.Close(t.Context()))
	})
}

func TestTooManyDeletionsAreCommittedAtOnce(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	h.settings.MaxPending = 10
	q := h.open(t)
	putMany(t, q, 50)
	// Nine deletions and the metadata make ten.
	assert.Equal(t, 5, h.transactions(func() { drain(t, q) }))

	putMany(t, q, 50)
	h.memory.FailWith(func([]*storage.Operation) storagetest.Failure { return storagetest.Refuse })
	assert.Equal(t, 1, h.transactions(func() { drain(t, q) }), "a storage that fails is not asked for each item")
	h.memory.FailWith(nil)
	require.NoError(t, q.client.Close(t.Context()))
	assert.Len(t, h.memory.Values(), 1)
}

func TestARefusedItemLeavesNothingBehind(t *testing.T) {
	for _, failure := range []storagetest.Failure{storagetest.Refuse, storagetest.WriteAndRefuse} {
		h := newHarness(storagetest.New(nil))
		q := h.open(t)
		h.memory.FailWith(func([]*storage.Operation) storagetest.Failure { return failure })
		require.ErrorIs(t, q.put(logsWith(t, "refused")), storagetest.ErrScripted)
		h.memory.FailWith(nil)
		require.NoError(t, q.put(logsWith(t, "accepted")))

		_, _, err := q.next()
		require.ErrorIs(t, err, errMissing, "not a request without records, which would be sent")
		index, payload, err := q.next()
		require.NoError(t, err)
		assert.Equal(t, logsWith(t, "accepted"), payload)
		q.done(index)
		require.NoError(t, q.client.Close(t.Context()))
		assert.Equal(t, []string{queuemeta.Key}, keys(h))
	}
}

func keys(h *harness) []string {
	var all []string
	for key := range h.memory.Values() {
		all = append(all, key)
	}
	return all
}

func TestADamagedItemGoesIntoQuarantine(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	putMany(t, q, 2)
	q.kill()
	damaged := h.memory.Values()["0"]
	damaged[8] ^= 0xff
	h.memory.Put("0", damaged)

	q = h.open(t)
	_, _, err := q.next()
	require.ErrorIs(t, err, seal.ErrDamaged)
	drain(t, q)
	require.NoError(t, q.client.Close(t.Context()))
	assert.Equal(t, &counts{quarantined: 1}, h.recorder)
	assert.NotContains(t, h.memory.Values(), "0")
	assert.Equal(t, damaged, quarantinedValue(t, h), "to the byte, so that it can be examined")
}

func TestAnUndecodableItemGoesIntoQuarantine(t *testing.T) {
	h := newHarness(storagetest.New(map[string][]byte{"0": undecodable("by an older version")}))
	q := h.open(t)
	_, _, err := q.next()
	require.Error(t, err)
	require.NoError(t, q.client.Close(t.Context()))
	assert.Equal(t, &counts{quarantined: 1}, h.recorder)
	assert.Equal(t, undecodable("by an older version"), quarantinedValue(t, h))
}

func quarantinedValue(t *testing.T, h *harness) []byte {
	t.Helper()
	for key, value := range h.memory.Values() {
		if item.IsQuarantined(key) {
			return value
		}
	}
	require.Fail(t, "nothing in quarantine")
	return nil
}

func TestALoneItemThatIsDeliveredIsNotTakenForUndecodable(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	putMany(t, q, 1)
	drain(t, q) // the deletion follows upon the read, as after a failure to decode
	require.NoError(t, q.client.Close(t.Context()))
	assert.Equal(t, &counts{}, h.recorder)
	assert.Equal(t, []string{queuemeta.Key}, keys(h))
}

func TestAnUnreadableItemStays(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	putMany(t, q, 3)
	q.kill()
	q = h.open(t)
	failed := 0
	h.memory.FailWith(func(ops []*storage.Operation) storagetest.Failure {
		for _, op := range ops {
			if op.Type == storage.Get && op.Key == "1" {
				failed++
				return storagetest.Refuse
			}
		}
		return storagetest.None
	})
	var delivered []uint64
	for !q.empty() {
		if index, _, err := q.next(); err == nil {
			delivered = append(delivered, index)
			q.done(index)
		}
	}
	require.NoError(t, q.client.Close(t.Context()))
	assert.Equal(t, []uint64{0, 2}, delivered)
	assert.Equal(t, 1+readAttempts, failed, "once with others, then on its own")
	assert.Equal(t, 1, h.recorder.unreadable)
	assert.Contains(t, h.memory.Values(), "1")

	h.memory.FailWith(nil)
	q = h.open(t)
	index, payload, err := q.next()
	require.NoError(t, err)
	assert.Equal(t, logsWith(t, "item 1"), payload)
	q.done(index)
	require.NoError(t, q.client.Close(t.Context()))
}

func TestAReadThatFailsOnceIsTriedAgain(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	putMany(t, q, 1)
	q.kill()
	q = h.open(t)
	calls := 0
	h.memory.FailWith(func([]*storage.Operation) storagetest.Failure {
		calls++
		if calls == 1 {
			return storagetest.Refuse
		}
		return storagetest.None
	})
	_, payload, err := q.next()
	require.NoError(t, err)
	assert.Equal(t, logsWith(t, "item 0"), payload)
	require.NoError(t, q.client.Close(t.Context()))
}

func TestAReadEndsWithItsContext(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	putMany(t, q, 1)
	q.kill()
	h.settings.ReadPause = time.Hour
	q = h.open(t)
	h.memory.FailWith(func([]*storage.Operation) storagetest.Failure { return storagetest.Refuse })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := q.client.Get(ctx, "0")
	require.ErrorIs(t, err, context.Canceled)
	h.memory.FailWith(nil)
	require.NoError(t, q.client.Close(t.Context()))
	assert.Contains(t, h.memory.Values(), "0")
}

func TestReadsSeeWhatWaits(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	putMany(t, q, 1)
	q.meta.ItemsSize = 77
	require.NoError(t, q.client.Set(t.Context(), queuemeta.Key, queuemeta.Marshal(q.meta)))
	value, err := q.client.Get(t.Context(), queuemeta.Key)
	require.NoError(t, err)
	assert.Equal(t, queuemeta.Marshal(q.meta), value)
	assert.NotEqual(t, value, h.memory.Values()[queuemeta.Key])

	require.NoError(t, q.client.Delete(t.Context(), "0"))
	_, err = q.client.Get(t.Context(), "0")
	require.ErrorIs(t, err, errMissing)
	assert.Contains(t, h.memory.Values(), "0")
	require.NoError(t, q.client.Close(t.Context()))
	assert.NotContains(t, h.memory.Values(), "0")
}

func TestWhatIsNotTheQueuesOwnIsCommittedAtOnce(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	require.NoError(t, q.client.Set(t.Context(), "mine", []byte("value")))
	assert.Equal(t, []byte("value"), h.memory.Values()["mine"])
	value, err := q.client.Get(t.Context(), "mine")
	require.NoError(t, err)
	assert.Equal(t, []byte("value"), value)
	require.NoError(t, q.client.Delete(t.Context(), "mine"))
	assert.NotContains(t, h.memory.Values(), "mine")

	// A batch of everything: operations work in their order.
	get := storage.GetOperation("0")
	require.NoError(t, q.client.Batch(t.Context(), storage.SetOperation("0", []byte("a")), get, storage.DeleteOperation("0")))
	assert.Equal(t, []byte("a"), get.Value)
	assert.NotContains(t, h.memory.Values(), "0")
	require.NoError(t, q.client.Close(t.Context()))
}

func TestCloseTellsWhatWasNotCommitted(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	closed := 0
	h.settings.Closed = func(context.Context, *Client) { closed++ }
	q := h.open(t)
	putMany(t, q, 1)
	drain(t, q)
	h.memory.FailWith(func([]*storage.Operation) storagetest.Failure { return storagetest.Refuse })
	require.ErrorIs(t, q.client.Close(t.Context()), storagetest.ErrScripted)
	require.NoError(t, q.client.Close(t.Context()))
	assert.Equal(t, 1, closed)
	assert.Contains(t, h.memory.Values(), "0", "it is sent again")
	require.ErrorIs(t, q.put(nil), errClosed)
	_, err := q.client.Get(t.Context(), "0")
	require.ErrorIs(t, err, errClosed)
}

func TestUnknownOperation(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	require.NoError(t, q.client.Batch(t.Context(), &storage.Operation{Key: "x", Type: storage.OpType(9)}), "the storage decides")
	require.NoError(t, q.client.Close(t.Context()))
}

func BenchmarkPutDispatchDone(b *testing.B) {
	h := newHarness(storagetest.New(nil))
	q := h.open(b)
	payload := logsWith(b, strings.Repeat("x", 1024))
	b.ReportAllocs()
	for b.Loop() {
		if err := q.put(payload); err != nil {
			b.Fatal(err)
		}
		index, _, err := q.next()
		if err != nil {
			b.Fatal(err)
		}
		q.done(index)
	}
	require.NoError(b, q.client.Close(b.Context()))
}
