// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata/request"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
	"github.com/integrationlog/integrationlog/internal/seal"
)

// BenchmarkItem is what a persistent queue costs an item of 1 KiB: put, dispatch, done,
// with two hundred items in the hands of consumers, as a batch has them.
func BenchmarkItem(b *testing.B) {
	for _, fsync := range []bool{false, true} {
		for _, own := range []bool{false, true} {
			name := map[bool]string{false: "file_storage", true: "queue_storage"}[own]
			b.Run(fmt.Sprintf("%s/fsync=%t", name, fsync), func(b *testing.B) {
				client := benchmarkClient(b, fsync, own)
				benchmarkQueue(b, client)
				require.NoError(b, client.Close(context.Background()))
			})
		}
	}
}

func benchmarkClient(b *testing.B, fsync, own bool) storage.Client {
	b.Helper()
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = b.TempDir()
	cfg.FSync = fsync
	inner, err := factory.Create(b.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(b, err)
	from := inner.(storage.Extension)
	if own {
		q, err := newExtension(extensiontest.NewNopSettings(metadata.Type), testConfig())
		require.NoError(b, err)
		require.NoError(b, q.Start(b.Context(), testHost{innerID: inner}))
		from = q
	}
	client, err := from.GetClient(b.Context(), component.KindExporter, lokiID, "logs")
	require.NoError(b, err)
	return client
}

// benchmarkQueue makes the calls that exporterhelper's persistent queue makes.
func benchmarkQueue(b *testing.B, client storage.Client) {
	b.Helper()
	const consumers = 200
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(strings.Repeat("x", 1024))
	payload, err := request.MarshalLogs(context.Background(), logs)
	require.NoError(b, err)
	dispatched := make([]byte, 9*consumers)
	meta := func(index uint64) *storage.Operation {
		return storage.SetOperation(queuemeta.Key, append(queuemeta.Marshal(queuemeta.Metadata{
			ItemsSize: consumers, BytesSize: consumers, ReadIndex: index, WriteIndex: index,
		}), dispatched...))
	}
	ctx := context.Background()

	b.ReportAllocs()
	b.ResetTimer()
	i := uint64(0)
	for range b.N {
		err := client.Batch(ctx, meta(i), storage.SetOperation(item.Key(i), payload))
		get := storage.GetOperation(item.Key(i))
		if err == nil {
			err = client.Batch(ctx, meta(i), get)
		}
		if err == nil && i >= consumers {
			err = client.Batch(ctx, meta(i), storage.DeleteOperation(item.Key(i-consumers)))
		}
		if err != nil || get.Value == nil {
			b.Fatal(err)
		}
		i++
	}
	b.StopTimer()
}

// BenchmarkRecovery is what a start costs with a backlog of ten thousand items of 1 KiB.
func BenchmarkRecovery(b *testing.B) {
	client := benchmarkClient(b, false, false)
	value := seal.Seal(make([]byte, 1024))
	for i := 0; i < 10_000; i += 500 {
		ops := make([]*storage.Operation, 500)
		for j := range ops {
			ops[j] = storage.SetOperation(item.Key(uint64(i+j)), value)
		}
		require.NoError(b, client.Batch(b.Context(), ops...))
	}
	q, err := newExtension(extensiontest.NewNopSettings(metadata.Type), testConfig())
	require.NoError(b, err)
	require.NoError(b, q.Start(b.Context(), hostWith(client)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := q.GetClient(b.Context(), component.KindExporter, lokiID, "logs")
		require.NoError(b, err)
	}
	require.NoError(b, q.Shutdown(context.Background()))
}

func hostWith(client storage.Client) component.Host {
	return testHost{innerID: &scripted{getClient: func() (storage.Client, error) { return client, nil }}}
}
