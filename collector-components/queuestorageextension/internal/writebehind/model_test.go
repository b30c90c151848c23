// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"pgregory.net/rapid"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/storagetest"
	"github.com/integrationlog/integrationlog/internal/seal"
)

// model is a queue that works, fails, and is killed at random, and what its callers know.
type model struct {
	t       *rapid.T
	harness *harness
	queue   *queue
	failure storagetest.Failure
	puts    int
	// accepted are the payloads whose caller was told that they are safe.
	accepted map[string]bool
	// refused are those whose caller was told that they are not.
	refused map[string]bool
	// delivered are those that the queue is done with.
	delivered map[string]bool
	// lookedAt are the payloads with consumers, by index.
	lookedAt map[uint64]string
}

func newModel(t *rapid.T) *model {
	m := &model{
		t:         t,
		harness:   newHarness(storagetest.New(nil)),
		accepted:  make(map[string]bool),
		refused:   make(map[string]bool),
		delivered: make(map[string]bool),
	}
	m.harness.settings.MaxPending = rapid.IntRange(1, 8).Draw(t, "max pending")
	m.harness.settings.CacheBytes = rapid.SampledFrom([]int64{1, 200, 1 << 20}).Draw(t, "cache")
	m.harness.memory.FailWith(func(ops []*storage.Operation) storagetest.Failure {
		if m.failure == storagetest.WriteAndRefuse && !writes(ops) {
			return storagetest.Refuse
		}
		return m.failure
	})
	m.restart()
	return m
}

func writes(ops []*storage.Operation) bool {
	return slices.ContainsFunc(ops, func(op *storage.Operation) bool { return op.Type != storage.Get })
}

func (m *model) restart() {
	m.failure = storagetest.None
	m.lookedAt = make(map[uint64]string)
	m.queue = m.harness.open(m.t)
}

func (m *model) put(payload []byte) {
	if err := m.queue.put(payload); err != nil {
		m.refused[string(payload)] = true
		return
	}
	m.accepted[string(payload)] = true
}

func (m *model) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"put": func(t *rapid.T) {
			m.puts++
			m.put(logsWith(t, fmt.Sprintf("item %d", m.puts)))
		},
		"put what nobody can decode": func(*rapid.T) {
			m.puts++
			m.put(undecodable(fmt.Sprintf("item %d", m.puts)))
		},
		"dispatch": func(t *rapid.T) {
			if m.queue.empty() {
				t.Skip("nothing there")
			}
			index, payload, err := m.queue.next()
			if err != nil {
				return
			}
			require.NotContains(t, m.refused, string(payload), "was refused and is sent all the same")
			m.lookedAt[index] = string(payload)
		},
		"deliver": func(t *rapid.T) {
			if len(m.lookedAt) == 0 {
				t.Skip("nothing there")
			}
			index := rapid.SampledFrom(slices.Sorted(maps.Keys(m.lookedAt))).Draw(t, "index")
			m.delivered[m.lookedAt[index]] = true
			delete(m.lookedAt, index)
			m.queue.done(index)
		},
		"timer": func(*rapid.T) { m.queue.client.flushLater() },
		"storage changes its mind": func(t *rapid.T) {
			m.failure = rapid.SampledFrom([]storagetest.Failure{
				storagetest.None, storagetest.None, storagetest.Refuse, storagetest.WriteAndRefuse,
			}).Draw(t, "failure")
		},
		"disk damages an item": func(t *rapid.T) {
			key, value := m.anyItem(t)
			damaged := slices.Clone(value)
			damaged[0] ^= 1
			m.harness.memory.Put(key, damaged)
			payload, _ := seal.Open(value)
			delete(m.accepted, string(payload))
		},
		"kill": func(*rapid.T) {
			m.queue.kill()
			clear(m.refused) // a refused put that was written can come back, when its deletion is lost
			m.restart()
		},
		"stop": func(*rapid.T) {
			_ = m.queue.client.Close(m.t.Context())
			if m.failure != storagetest.None {
				clear(m.refused)
			}
			m.restart()
		},
		"": m.check,
	}
}

func (m *model) anyItem(t *rapid.T) (string, []byte) {
	values := m.harness.memory.Values()
	var keys []string
	for key, value := range values {
		payload, err := seal.Open(value)
		if _, isItem := item.ParseKey(key); isItem && err == nil && m.accepted[string(payload)] {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		t.Skip("nothing there")
	}
	key := rapid.SampledFrom(slices.Sorted(slices.Values(keys))).Draw(t, "key")
	return key, values[key]
}

// check is what must hold at any time: what was accepted and not delivered is in the
// storage, exactly once.
func (m *model) check(t *rapid.T) {
	times := make(map[string]int)
	for key, value := range m.harness.memory.Values() {
		if _, isItem := item.ParseKey(key); isItem || item.IsQuarantined(key) {
			if payload, err := seal.Open(value); err == nil {
				times[string(payload)]++
			}
		}
	}
	for payload := range m.accepted {
		if m.delivered[payload] {
			require.LessOrEqual(t, times[payload], 1)
			continue
		}
		require.Equal(t, 1, times[payload], "accepted, not delivered, and not in the storage: %q", payload)
	}
}

func TestNothingAcceptedIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		t.Repeat(m.actions())

		// In the end, with a storage that works, everything comes out.
		m.queue.kill()
		m.restart()
		for !m.queue.empty() {
			index, payload, err := m.queue.next()
			if err == nil {
				m.delivered[string(payload)] = true
				m.queue.done(index)
			}
		}
		require.NoError(t, m.queue.client.Close(t.Context()))
		quarantined := make(map[string]bool)
		for key, value := range m.harness.memory.Values() {
			require.NotRegexp(t, `^\d+$`, key, "the queue is empty, and so is its storage")
			if payload, err := seal.Open(value); err == nil && item.IsQuarantined(key) {
				quarantined[string(payload)] = true
			}
		}
		for payload := range m.accepted {
			require.NotEqual(t, m.delivered[payload], quarantined[payload], "%q", payload)
		}
		require.Zero(t, m.harness.backlog.Load())
	})
}

func TestBacklogCountsEachItemOnce(t *testing.T) {
	h := newHarness(storagetest.New(nil))
	q := h.open(t)
	require.Zero(t, h.backlog.Load())
	for i := range 3 {
		require.NoError(t, q.put(logsWith(t, strconv.Itoa(i))))
	}
	require.Zero(t, h.backlog.Load(), "items of this process are no backlog")
	q.kill()

	q = h.open(t)
	require.EqualValues(t, 3, h.backlog.Load())
	require.NoError(t, q.put(logsWith(t, "new")))
	first, _, err := q.next()
	require.NoError(t, err)
	require.EqualValues(t, 3, h.backlog.Load(), "not delivered yet")
	q.done(first)
	q.done(first)
	require.EqualValues(t, 2, h.backlog.Load())
	require.NoError(t, q.client.Close(t.Context()))
	require.Zero(t, h.backlog.Load(), "whoever opens the queue next counts them")

	q = h.open(t)
	require.EqualValues(t, 3, h.backlog.Load())
	for !q.empty() {
		index, _, err := q.next()
		require.NoError(t, err)
		q.done(index)
	}
	require.Zero(t, h.backlog.Load())
	require.NoError(t, q.client.Close(t.Context()))
}
