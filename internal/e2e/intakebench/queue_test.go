// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension"
)

// queue is an exporter with a sending queue on disk. What it exports it throws away.
type queue struct {
	exporter.Logs
	exported atomic.Int64
}

// kind is a way to keep the queue.
type kind struct {
	name string
	// own puts queue_storage before file_storage.
	own   bool
	fsync bool
}

var kinds = []kind{
	{"file_storage,fsync=false", false, false},
	{"file_storage,fsync=true", false, true},
	{"queue_storage,fsync=false", true, false},
	{"queue_storage,fsync=true", true, true},
}

// startQueue runs an exporter with the queue that config/all-in-one.yaml has.
func startQueue(tb testing.TB, k kind) *queue {
	tb.Helper()
	id, extensions := startStorage(tb, k)
	q := &queue{}
	settings := exportertest.NewNopSettings(component.MustNewType("nowhere"))
	settings.TelemetrySettings = telemetry(tb)
	logs, err := exporterhelper.NewLogs(tb.Context(), settings, &struct{}{}, func(_ context.Context, logs plog.Logs) error {
		q.exported.Add(int64(logs.LogRecordCount()))
		return nil
	}, exporterhelper.WithQueue(configoptional.Some(exporterhelper.QueueBatchConfig{
		Sizer:        exporterhelper.RequestSizerTypeBytes,
		QueueSize:    1 << 30,
		NumConsumers: 4,
		StorageID:    &id,
		Batch: configoptional.Some(exporterhelper.BatchConfig{
			FlushTimeout: 200 * time.Millisecond,
			Sizer:        exporterhelper.RequestSizerTypeBytes,
			MinSize:      256 << 10,
			MaxSize:      1 << 20,
		}),
	})))
	require.NoError(tb, err)
	q.Logs = logs
	require.NoError(tb, logs.Start(tb.Context(), extensions))
	tb.Cleanup(func() { require.NoError(tb, logs.Shutdown(context.Background())) })
	return q
}

// startStorage returns the storage's id, and a host that has it.
func startStorage(tb testing.TB, k kind) (component.ID, host) {
	tb.Helper()
	files := filestorage.NewFactory()
	config := files.CreateDefaultConfig().(*filestorage.Config)
	config.Directory = tb.TempDir()
	config.FSync = k.fsync
	extensions := host{}
	id := component.NewID(files.Type())
	startExtension(tb, files, config, id, extensions)
	if k.own {
		own := queuestorageextension.NewFactory()
		config := own.CreateDefaultConfig().(*queuestorageextension.Config)
		config.Storage = id
		id = component.NewID(own.Type())
		startExtension(tb, own, config, id, extensions)
	}
	return id, extensions
}

func startExtension(tb testing.TB, factory extension.Factory, config component.Config, id component.ID, extensions host) {
	tb.Helper()
	settings := extensiontest.NewNopSettings(factory.Type())
	settings.TelemetrySettings = telemetry(tb)
	created, err := factory.Create(tb.Context(), settings, config)
	require.NoError(tb, err)
	require.NoError(tb, created.Start(tb.Context(), extensions))
	tb.Cleanup(func() { require.NoError(tb, created.Shutdown(context.Background())) })
	extensions[id] = created
}

// host has the extensions that a queue asks for.
type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }
