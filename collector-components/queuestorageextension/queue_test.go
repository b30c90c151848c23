// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
	"github.com/integrationlog/integrationlog/internal/seal"
)

// backend is what an exporter delivers to. While it is down, it refuses.
type backend struct {
	mu     sync.Mutex
	down   bool
	bodies []string
}

func (b *backend) push(_ context.Context, logs plog.Logs) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return errors.New("backend is down")
	}
	b.bodies = append(b.bodies, bodies(logs)...)
	return nil
}

func (b *backend) received() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.bodies...)
}

func bodies(logs plog.Logs) []string {
	var all []string
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				all = append(all, record.Body().Str())
			}
		}
	}
	return all
}

// newExporter starts an exporter to a backend, with a real persistent queue.
func newExporter(t *testing.T, b *backend, host component.Host, storageID component.ID) exporter.Logs {
	t.Helper()
	return newExporterTo(t, b.push, host, storageID)
}

// newExporterTo starts an exporter that delivers by push.
func newExporterTo(t *testing.T, push consumer.ConsumeLogsFunc, host component.Host, storageID component.ID) exporter.Logs {
	t.Helper()
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.StorageID = &storageID
	queue.Sizer = exporterhelper.RequestSizerTypeBytes
	queue.QueueSize = 64 << 20
	batch := queue.Batch.GetOrInsertDefault()
	batch.FlushTimeout = 5 * time.Millisecond
	batch.Sizer = exporterhelper.RequestSizerTypeBytes
	batch.MinSize, batch.MaxSize = 2_000, 10_000
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval, retry.MaxInterval, retry.MaxElapsedTime = time.Millisecond, 10*time.Millisecond, 0

	set := exportertest.NewNopSettings(lokiID.Type())
	set.ID = lokiID
	logs, err := exporterhelper.NewLogs(t.Context(), set, struct{}{}, push,
		exporterhelper.WithQueue(configoptional.Some(queue)), exporterhelper.WithRetry(retry))
	require.NoError(t, err)
	require.NoError(t, logs.Start(t.Context(), host))
	return logs
}

// process is one life of a collector: file_storage, queue_storage on it, an exporter.
type process struct {
	host  testHost
	own   *queueStorage
	queue exporter.Logs
}

func newProcess(t *testing.T, directory string, b *backend, storageID component.ID) *process {
	t.Helper()
	inner := fileStorage(t, directory)
	own := start(t, inner, testConfig())
	p := &process{host: testHost{innerID: inner, ownID: own}, own: own}
	p.queue = newExporter(t, b, p.host, storageID)
	return p
}

// sendMany sends requests of one to three records and returns their bodies.
func (p *process) sendMany(t *testing.T, name string, requests int) []string {
	t.Helper()
	var sent []string
	for i := range requests {
		logs := plog.NewLogs()
		records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		for j := range i%3 + 1 {
			records.AppendEmpty().Body().SetStr(fmt.Sprintf("%s %d.%d", name, i, j))
		}
		sent = append(sent, bodies(logs)...)
		require.NoError(t, p.queue.ConsumeLogs(t.Context(), logs))
	}
	return sent
}

func (p *process) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, p.queue.Shutdown(t.Context()))
}

// stored returns what a queue left in a directory.
func stored(t *testing.T, directory string) map[string][]byte {
	t.Helper()
	client, err := fileStorage(t, directory).(storage.Extension).GetClient(t.Context(), component.KindExporter, lokiID, "logs")
	require.NoError(t, err)
	values := make(map[string][]byte)
	require.NoError(t, client.(storage.Walker).Walk(t.Context(), func(key string, value []byte) ([]*storage.Operation, error) {
		values[key] = append([]byte(nil), value...)
		return nil, nil
	}))
	require.NoError(t, client.Close(t.Context()))
	return values
}

func receives(t *testing.T, b *backend, want []string) {
	t.Helper()
	require.Eventually(t, func() bool { return len(b.received()) >= len(want) }, 10*time.Second, time.Millisecond)
	assert.ElementsMatch(t, want, b.received())
}

// The queue may start on plain file_storage and go on with queue_storage, and back.
func TestTheQueueMovesBetweenStorages(t *testing.T) {
	for name, order := range map[string][2]component.ID{
		"taken over":   {innerID, ownID},
		"handed back":  {ownID, innerID},
		"its own":      {ownID, ownID},
		"without ours": {innerID, innerID},
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			b := &backend{down: true}
			first := newProcess(t, directory, b, order[0])
			sent := first.sendMany(t, "first", 200)
			first.stop(t)

			b.down = false
			second := newProcess(t, directory, b, order[1])
			sent = append(sent, second.sendMany(t, "second", 50)...)
			receives(t, b, sent)
			second.stop(t)
			assert.False(t, second.own.Backlog())

			b.down = true
			third := newProcess(t, directory, b, order[1])
			third.stop(t)
			for key := range stored(t, directory) {
				assert.Equal(t, queuemeta.Key, key, "everything was delivered")
			}
		})
	}
}

// What the recovery counts is what the queue itself counts.
func TestSizesAreTheQueuesOwn(t *testing.T) {
	directory := t.TempDir()
	b := &backend{down: true}
	p := newProcess(t, directory, b, ownID)
	p.sendMany(t, "counted", 100)
	p.stop(t)
	written, err := queuemeta.Unmarshal(stored(t, directory)[queuemeta.Key])
	require.NoError(t, err)
	require.Positive(t, written.BytesSize)

	p = newProcess(t, directory, b, ownID)
	require.True(t, p.own.Backlog())
	p.stop(t)
	recounted, err := queuemeta.Unmarshal(stored(t, directory)[queuemeta.Key])
	require.NoError(t, err)
	assert.Equal(t, written.ItemsSize, recounted.ItemsSize)
	assert.Equal(t, written.BytesSize, recounted.BytesSize)
}

// damageStored writes into the file behind the collector's back.
func damageStored(t *testing.T, directory string, ops ...*storage.Operation) {
	t.Helper()
	client, err := fileStorage(t, directory).(storage.Extension).GetClient(t.Context(), component.KindExporter, lokiID, "logs")
	require.NoError(t, err)
	require.NoError(t, client.Batch(t.Context(), ops...))
	require.NoError(t, client.Close(t.Context()))
}

func TestTheQueueSurvivesDamage(t *testing.T) {
	for name, damage := range map[string][]*storage.Operation{
		"metadata missing":    {storage.DeleteOperation(queuemeta.Key)},
		"metadata corrupt":    {storage.SetOperation(queuemeta.Key, []byte("\xff\xffgarbage"))},
		"metadata of another": {storage.SetOperation(queuemeta.Key, queuemeta.Marshal(queuemeta.Metadata{ReadIndex: 4000, WriteIndex: 4000}))},
		"metadata legacy": {
			storage.DeleteOperation(queuemeta.Key),
			storage.SetOperation("ri", []byte{9, 0, 0, 0, 0, 0, 0, 0}),
			storage.SetOperation("wi", []byte{9, 0, 0, 0, 0, 0, 0, 0}),
			storage.SetOperation("di", []byte("garbage")),
		},
		"an item that cannot be decoded": {storage.SetOperation("400", []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffgarbage"))},
		"an item with a wrong checksum":  {storage.SetOperation("40", append(seal.Seal([]byte("x"))[:9], 1))},
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			b := &backend{down: true}
			first := newProcess(t, directory, b, ownID)
			sent := first.sendMany(t, "first", 40)
			first.stop(t)
			damageStored(t, directory, damage...)

			b.down = false
			second := newProcess(t, directory, b, ownID)
			sent = append(sent, second.sendMany(t, "second", 10)...)
			receives(t, b, sent)
			require.Eventually(t, func() bool { return !second.own.Backlog() }, 10*time.Second, time.Millisecond)
			second.stop(t)
		})
	}
}

func TestUndecodableItemsAreKept(t *testing.T) {
	directory := t.TempDir()
	garbage := []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffgarbage")
	damageStored(t, directory, storage.SetOperation("0", garbage))
	b := &backend{}
	p := newProcess(t, directory, b, ownID)
	receives(t, b, p.sendMany(t, "good", 1))
	p.stop(t)

	var kept [][]byte
	for key, value := range stored(t, directory) {
		if item.IsQuarantined(key) {
			kept = append(kept, value)
		}
	}
	assert.Equal(t, [][]byte{garbage}, kept)
}
