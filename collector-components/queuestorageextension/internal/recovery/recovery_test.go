// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/testdata"
	"go.opentelemetry.io/collector/pdata/xpdata/request"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/storagetest"
	"github.com/integrationlog/integrationlog/internal/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func mustRun(t require.TestingT, memory *storagetest.Memory, settings Settings) Result {
	client := memory.Client()
	result, err := Run(context.Background(), client, client, settings)
	require.NoError(t, err)
	return result
}

func metadataOf(t require.TestingT, memory *storagetest.Memory) queuemeta.Metadata {
	m, err := queuemeta.Unmarshal(memory.Values()[queuemeta.Key])
	require.NoError(t, err)
	return m
}

func payload(t *testing.T, records int) []byte {
	t.Helper()
	b, err := request.MarshalLogs(context.Background(), testdata.GenerateLogs(records))
	require.NoError(t, err)
	return b
}

func logsSize(records int) int64 {
	return int64((&plog.ProtoMarshaler{}).LogsSize(testdata.GenerateLogs(records)))
}

// states are what a storage may look like after a crash, a fault of the disk, or an
// older version.
func states(t *testing.T) map[string]map[string][]byte {
	t.Helper()
	one, two, three := payload(t, 1), payload(t, 2), seal.Seal(payload(t, 3))
	items := map[string][]byte{"7": one, "8": two, "9": three}
	with := func(more map[string][]byte) map[string][]byte {
		state := maps.Clone(items)
		maps.Copy(state, more)
		return state
	}
	meta := func(m queuemeta.Metadata, more ...byte) map[string][]byte {
		return map[string][]byte{queuemeta.Key: append(queuemeta.Marshal(m), more...)}
	}
	return map[string]map[string][]byte{
		"metadata missing":            items,
		"metadata right":              with(meta(queuemeta.Metadata{ReadIndex: 7, WriteIndex: 10, ItemsSize: 6, BytesSize: 1})),
		"metadata corrupt":            with(map[string][]byte{queuemeta.Key: []byte("\xff\xffgarbage")}),
		"metadata empty":              with(map[string][]byte{queuemeta.Key: {}}),
		"metadata of an empty queue":  with(meta(queuemeta.Metadata{ReadIndex: 50, WriteIndex: 50})),
		"metadata with negative size": with(meta(queuemeta.Metadata{ReadIndex: 7, WriteIndex: 10, ItemsSize: -4, BytesSize: -9})),
		"dispatched by consumers":     with(meta(queuemeta.Metadata{ReadIndex: 10, WriteIndex: 10}, 0x2a, 8, 7, 0, 0, 0, 0, 0, 0, 0)),
		"legacy metadata":             with(map[string][]byte{"ri": {7, 0, 0, 0, 0, 0, 0, 0}, "wi": {10, 0, 0, 0, 0, 0, 0, 0}, "di": {0, 0, 0, 0}}),
		"holes":                       {"1": one, "8": two, "9": three},
		"far apart":                   {"0": one, "4000000000": two, "9": three},
		"absurd index":                {"7": one, "8": two, "18446744073709551615": three},
		"foreign keys":                with(map[string][]byte{"x": []byte("y"), "007": []byte("z"), "": []byte("empty")}),
	}
}

func TestEveryItemIsFoundWhateverTheState(t *testing.T) {
	for name, state := range states(t) {
		t.Run(name, func(t *testing.T) {
			memory := storagetest.New(state)
			result := mustRun(t, memory, Settings{Signal: "logs"})

			m := metadataOf(t, memory)
			assert.Equal(t, queuemeta.Metadata{
				ItemsSize:  6,
				BytesSize:  logsSize(1) + logsSize(2) + logsSize(3),
				ReadIndex:  result.First,
				WriteIndex: result.Next,
			}, m)
			require.Equal(t, uint64(3), m.WriteIndex-m.ReadIndex)

			values := memory.Values()
			var records []int
			for index := m.ReadIndex; index < m.WriteIndex; index++ {
				opened, err := seal.Open(values[item.Key(index)])
				require.NoError(t, err)
				_, logs, err := request.UnmarshalLogs(opened)
				require.NoError(t, err)
				records = append(records, logs.LogRecordCount())
				assert.Len(t, values[item.Key(index)], int(result.Sizes[index-m.ReadIndex]))
			}
			assert.ElementsMatch(t, []int{1, 2, 3}, records)
			for _, key := range queuemeta.LegacyKeys {
				assert.NotContains(t, values, key)
			}
			assert.Equal(t, 3, countItems(values))
			for _, key := range []string{"x", "007", ""} {
				assert.Equal(t, state[key], values[key], "foreign keys are left alone")
			}

			again := mustRun(t, memory, Settings{Signal: "logs"})
			assert.Zero(t, again.Moved)
			assert.Equal(t, m, metadataOf(t, memory))
		})
	}
}

func countItems(values map[string][]byte) int {
	n := 0
	for key := range values {
		if _, ok := item.ParseKey(key); ok {
			n++
		}
	}
	return n
}

func TestEmptyStorage(t *testing.T) {
	memory := storagetest.New(map[string][]byte{
		queuemeta.Key: queuemeta.Marshal(queuemeta.Metadata{ReadIndex: 90, WriteIndex: 99, ItemsSize: 3, BytesSize: 800}),
	})
	result := mustRun(t, memory, Settings{Signal: "logs"})
	assert.Equal(t, Result{First: 99, Next: 99}, result)
	assert.Equal(t, queuemeta.Metadata{ReadIndex: 99, WriteIndex: 99}, metadataOf(t, memory))
}

func TestSignalsWhoseItemsAreNotCounted(t *testing.T) {
	for name, tc := range map[string]struct {
		old  int64
		want int64
	}{
		"the queue's own figure": {old: 70, want: 70},
		"no figure":              {old: 0, want: 2},
		"an impossible figure":   {old: -5, want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			memory := storagetest.New(map[string][]byte{
				"0": []byte("metrics"), "1": []byte("more"),
				queuemeta.Key: queuemeta.Marshal(queuemeta.Metadata{ItemsSize: tc.old}),
			})
			mustRun(t, memory, Settings{Signal: "metrics"})
			assert.Equal(t, queuemeta.Metadata{ItemsSize: tc.want, BytesSize: 11, WriteIndex: 2}, metadataOf(t, memory))
		})
	}
}

func TestQuarantine(t *testing.T) {
	aside := item.QuarantineKey(3, time.Unix(1, 0))
	state := map[string][]byte{"4": payload(t, 1), aside: payload(t, 2)}

	memory := storagetest.New(state)
	result := mustRun(t, memory, Settings{Signal: "logs"})
	assert.Equal(t, 1, result.Quarantined)
	require.Len(t, result.Sizes, 1)
	assert.Len(t, state["4"], int(result.Sizes[0]))
	assert.Equal(t, state[aside], memory.Values()[aside])

	result = mustRun(t, memory, Settings{Signal: "logs", Requeue: true})
	assert.Zero(t, result.Quarantined)
	assert.Equal(t, 1, result.Moved)
	assert.Equal(t, map[string][]byte{"4": state["4"], "5": state[aside], queuemeta.Key: memory.Values()[queuemeta.Key]}, memory.Values())
	assert.Equal(t, queuemeta.Metadata{ItemsSize: 3, BytesSize: logsSize(1) + logsSize(2), ReadIndex: 4, WriteIndex: 6}, metadataOf(t, memory))
}

func TestFailuresAreReported(t *testing.T) {
	state := map[string][]byte{"0": []byte("a"), "9": []byte("b")}
	for transaction, want := range []string{
		"cannot list what the storage holds",
		"cannot read items that have to be moved",
		"cannot move items",
		"cannot write the queue's metadata",
	} {
		memory := storagetest.New(state)
		n := -1
		memory.FailWith(func([]*storage.Operation) storagetest.Failure {
			n++
			if n == transaction {
				return storagetest.Refuse
			}
			return storagetest.None
		})
		client := memory.Client()
		_, err := Run(context.Background(), client, client, Settings{Signal: "logs"})
		require.ErrorIs(t, err, storagetest.ErrScripted)
		require.ErrorContains(t, err, want)
	}
}

func TestAnotherProcessAtWork(t *testing.T) {
	memory := storagetest.New(map[string][]byte{"0": []byte("a"), "9": []byte("b")})
	memory.FailWith(func(ops []*storage.Operation) storagetest.Failure {
		for _, op := range ops {
			op.Key = "gone"
		}
		return storagetest.None
	})
	client := memory.Client()
	_, err := Run(context.Background(), client, client, Settings{Signal: "logs"})
	require.ErrorIs(t, err, errVanished)
}

// A kill can come before or after any transaction. Each item must then be there exactly
// once, and the next run must finish the work.
func TestKilledAtAnyTransaction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		indexes := rapid.SliceOfNDistinct(rapid.Uint64Range(0, 2000), 0, 900, rapid.ID).Draw(t, "indexes")
		state := make(map[string][]byte)
		var want []string
		for _, index := range indexes {
			value := fmt.Sprintf("item %d", index)
			state[item.Key(index)] = []byte(value)
			want = append(want, value)
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "quarantined") {
			value := fmt.Sprintf("quarantined %d", n)
			state[item.QuarantineKey(uint64(n), time.Unix(0, 0))] = []byte(value)
			want = append(want, value)
		}
		memory := storagetest.New(state)
		settings := Settings{Signal: "logs", Requeue: rapid.Bool().Draw(t, "requeue")}

		for range rapid.IntRange(1, 4).Draw(t, "kills") {
			left := rapid.IntRange(0, 12).Draw(t, "transactions before the kill")
			last := rapid.SampledFrom([]storagetest.Failure{storagetest.Refuse, storagetest.WriteAndRefuse}).Draw(t, "last")
			memory.FailWith(func([]*storage.Operation) storagetest.Failure {
				left--
				if left >= 0 {
					return storagetest.None
				}
				return last
			})
			client := memory.Client()
			_, _ = Run(context.Background(), client, client, settings)
			require.ElementsMatch(t, want, contents(memory))
		}

		memory.FailWith(nil)
		result := mustRun(t, memory, settings)
		require.ElementsMatch(t, want, contents(memory))
		m := metadataOf(t, memory)
		inQueue := 0
		for index := m.ReadIndex; index < m.WriteIndex; index++ {
			inQueue++
			require.Contains(t, memory.Values(), item.Key(index))
		}
		require.Equal(t, len(want)-result.Quarantined, inQueue)
	})
}

// contents are the values of all items, those in quarantine included.
func contents(memory *storagetest.Memory) []string {
	var found []string
	for key, value := range memory.Values() {
		if _, isItem := item.ParseKey(key); isItem || item.IsQuarantined(key) {
			found = append(found, string(value))
		}
	}
	slices.Sort(found)
	return found
}

func BenchmarkRun(b *testing.B) {
	state := make(map[string][]byte)
	value := seal.Seal(make([]byte, 1024))
	for index := range 10_000 {
		state[item.Key(uint64(index))] = value
	}
	memory := storagetest.New(state)
	b.ReportAllocs()
	for b.Loop() {
		mustRun(b, memory, Settings{Signal: "logs"})
	}
}
