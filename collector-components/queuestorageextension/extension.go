// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension"

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	berrors "go.etcd.io/bbolt/errors"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/recovery"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"
)

var (
	_ storage.Extension               = (*queueStorage)(nil)
	_ extensioncapabilities.Dependent = (*queueStorage)(nil)
)

// readPause makes a read that fails time after time take about a second.
const readPause = 30 * time.Millisecond

var errNotStarted = errors.New("queue_storage is not started")

// queueStorage hands out storage clients for sending queues.
type queueStorage struct {
	config    *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	backlog   atomic.Int64

	mu      sync.Mutex
	inner   storage.Extension
	clients map[*writebehind.Client]struct{}
}

func newExtension(set extension.Settings, config *Config) (*queueStorage, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &queueStorage{
		config:    config,
		logger:    set.Logger,
		telemetry: telemetry,
		clients:   make(map[*writebehind.Client]struct{}),
	}, nil
}

// Dependencies makes the storage start before this extension.
func (q *queueStorage) Dependencies() []component.ID {
	return []component.ID{q.config.Storage}
}

// Start finds the storage that keeps the data.
func (q *queueStorage) Start(_ context.Context, host component.Host) error {
	found, ok := host.GetExtensions()[q.config.Storage]
	if !ok {
		return fmt.Errorf("storage %q is not among the extensions of this collector: add it to `extensions` and to `service::extensions`", q.config.Storage)
	}
	inner, ok := found.(storage.Extension)
	if !ok {
		return fmt.Errorf("storage %q is no storage extension; use one such as file_storage", q.config.Storage)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.inner = inner
	return nil
}

// Shutdown commits what the clients have not committed yet. Exporters close their own
// clients before that.
func (q *queueStorage) Shutdown(ctx context.Context) error {
	q.mu.Lock()
	q.inner = nil
	clients := slices.Collect(maps.Keys(q.clients))
	q.mu.Unlock()

	var errs []error
	for _, client := range clients {
		errs = append(errs, client.Close(ctx))
	}
	q.telemetry.Shutdown()
	return errors.Join(errs...)
}

// Backlog tells whether items that an earlier process accepted are still on their way.
// Some of them may have been delivered by that process, right before it ended.
func (q *queueStorage) Backlog() bool {
	return q.backlog.Load() > 0
}

// GetClient returns the storage for a component. For an exporter's queue it puts the
// storage in order first; others get the underlying storage as it is.
func (q *queueStorage) GetClient(ctx context.Context, kind component.Kind, id component.ID, name string) (storage.Client, error) {
	q.mu.Lock()
	inner := q.inner
	q.mu.Unlock()
	if inner == nil {
		return nil, errNotStarted
	}
	client, err := q.open(ctx, inner, kind, id, name)
	if err != nil || kind != component.KindExporter {
		return client, err
	}
	queue, err := q.openQueue(ctx, client, id, name)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the sending queue of %q cannot be opened: %w", id, err), client.Close(ctx))
	}
	return queue, nil
}

// open gets a client of the underlying storage. A damaged database makes bbolt panic.
func (q *queueStorage) open(ctx context.Context, inner storage.Extension, kind component.Kind, id component.ID, name string,
) (client storage.Client, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the database of %q in storage %q is damaged (%v): move its file away, and keep it: it holds what was not delivered",
				id, q.config.Storage, r)
		}
	}()
	client, err = inner.GetClient(ctx, kind, id, name)
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fmt.Errorf("another process holds the data of %q in storage %q: stop it, or give each collector a directory of its own: %w",
			id, q.config.Storage, err)
	}
	if err != nil {
		return nil, fmt.Errorf("storage %q: %w", q.config.Storage, err)
	}
	return client, nil
}

func (q *queueStorage) openQueue(ctx context.Context, inner storage.Client, id component.ID, signal string) (storage.Client, error) {
	walker, ok := inner.(storage.Walker)
	if !ok {
		return nil, fmt.Errorf("storage %q cannot list its keys (storage.Walker); use file_storage", q.config.Storage)
	}
	logger := q.logger.With(zap.Stringer("queue", id), zap.String("signal", signal))
	recovered, err := recovery.Run(ctx, inner, walker, recovery.Settings{Signal: signal, Requeue: q.config.RequeueQuarantined})
	if err != nil {
		return nil, err
	}
	recorder := newRecorder(q.telemetry, id, signal)
	recorder.recovered(ctx, recovered)
	if len(recovered.Sizes) > 0 {
		logger.Info("Found items that were not delivered; they are sent now",
			zap.Int("items", len(recovered.Sizes)), zap.Int("moved", recovered.Moved))
	}
	if recovered.Quarantined > 0 {
		logger.Warn("Items lie in quarantine and are not delivered; see 'Quarantine' in the README of queue_storage",
			zap.Int("items", recovered.Quarantined))
	}

	client := writebehind.New(inner, recovered, writebehind.Settings{
		Signal:        signal,
		FlushInterval: q.config.FlushInterval,
		MaxPending:    q.config.MaxPending,
		CacheBytes:    q.config.CacheSizeMiB << 20,
		ReadPause:     readPause,
		Logger:        logger,
		Recorder:      recorder,
		Backlog:       &q.backlog,
		Closed: func(ctx context.Context, client *writebehind.Client) {
			recorder.close(ctx)
			q.forget(client)
		},
	})
	q.mu.Lock()
	defer q.mu.Unlock()
	q.clients[client] = struct{}{}
	return client, nil
}

func (q *queueStorage) forget(client *writebehind.Client) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.clients, client)
}
