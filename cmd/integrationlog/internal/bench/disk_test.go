// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"
)

// lokiAway is an exporter that finds nobody at Loki's address.
const lokiAway = "exporters::otlp_http/loki: {endpoint: 'http://127.0.0.1:9', middlewares: []}"

// BenchmarkDisk tells what a record takes on disk: as Protobuf, to compare with, in the
// queue, in Loki's write-ahead log, and in Loki's chunks and index once they are written.
func BenchmarkDisk(b *testing.B) {
	const count = 20_000
	load := pace.Load{Rate: 1000, For: count / 1000 * time.Second, Connections: connections}
	records := capture(b)
	b.Run("Protobuf", func(b *testing.B) {
		size := (&plog.ProtoMarshaler{}).LogsSize(records.logs)
		b.ReportMetric(float64(size)/float64(records.logs.LogRecordCount()), "disk-B/record")
		once(b)
	})
	b.Run("queue", func(b *testing.B) {
		all := install(b, lokiAway)
		process, _ := all.Run(b)
		queue := filepath.Join(all.Directory, "queue")
		before := diskSize(b, queue)
		send(b, all, load)
		b.ReportMetric((diskSize(b, queue)-before)/count, "disk-B/record")
		process.Kill()
		once(b)
	})
	all := install(b)
	process, _ := all.Run(b)
	loki := filepath.Join(all.Directory, "loki")
	before := diskSize(b, loki)
	send(b, all, load)
	all.AwaitEmptyQueue(b, within)
	b.Run("Loki's write-ahead log", func(b *testing.B) {
		b.ReportMetric((diskSize(b, loki)-before)/count, "disk-B/record")
		once(b)
	})
	b.Run("Loki's chunks and index", func(b *testing.B) {
		all.Loki.FlushAll(b, within)
		// The index is written out by the stop.
		process.Stop(b)
		b.ReportMetric((diskSize(b, loki)-diskSize(b, filepath.Join(loki, "wal")))/count, "disk-B/record")
		once(b)
	})
}

// diskSize is how many bytes the files below a directory have.
func diskSize(b *testing.B, directory string) (bytes float64) {
	b.Helper()
	require.NoError(b, filepath.WalkDir(directory, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += float64(info.Size())
		}
		return err
	}))
	return bytes
}
