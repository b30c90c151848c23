// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"strings"
	"testing"
	"time"

	"github.com/grafana/loki/v3/pkg/ingester/wal"
	"github.com/grafana/loki/v3/pkg/logproto"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

// BenchmarkStart reads a log as every start does: 200,000 entries in records of ten.
func BenchmarkStart(b *testing.B) {
	directory := b.TempDir()
	log, err := wlog.NewSize(nil, nil, directory, 64<<20, compression.None)
	require.NoError(b, err)
	const records, entries = 20_000, 10
	size := 0
	for n := range records {
		r := &wal.Record{UserID: tenant}
		written := wal.RefEntries{Ref: chunks.HeadSeriesRef(n % 60), Counter: int64((n/60 + 1) * entries)}
		for range entries {
			e := logproto.Entry{Timestamp: time.Now(), Line: strings.Repeat("x", 100)}
			for range 10 {
				e.StructuredMetadata = append(e.StructuredMetadata, logproto.LabelAdapter{Name: "activity_object_type", Value: "something else"})
			}
			written.Entries = append(written.Entries, e)
		}
		r.RefEntries = append(r.RefEntries, written)
		content := r.EncodeEntries(wal.CurrentEntriesRec, nil)
		size += len(content)
		require.NoError(b, log.Log(content))
	}
	require.NoError(b, log.Close())
	for name, mend := range map[string]func(string, *zap.Logger) error{"torn": cutOffTorn, "numbers": renumber} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				require.NoError(b, mend(directory, zap.NewNop()))
			}
		})
	}
}
