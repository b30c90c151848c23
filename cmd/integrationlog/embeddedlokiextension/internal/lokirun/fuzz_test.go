// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/grafana/loki/v3/pkg/ingester/wal"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

// Whatever a segment of the write-ahead log holds, its whole records stay, and what follows them is cut off
// at once: the second time there is nothing to do.
func FuzzCutOffTorn(f *testing.F) {
	for _, segment := range [][]byte{nil, {0}, {1, 0, 1, 0, 0, 0, 0, 7}, make([]byte, 100), bytes.Repeat([]byte{4, 0, 9}, 50), segmentOf(f, "one", "two", "three")} {
		f.Add(segment)
	}
	f.Fuzz(func(t *testing.T, segment []byte) {
		directory := t.TempDir()
		name := wlog.SegmentName(directory, 0)
		require.NoError(t, os.WriteFile(name, segment, 0o600))
		require.NoError(t, cutOffTorn(directory, zap.NewNop()))
		whole, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.True(t, bytes.HasPrefix(segment, whole))
		require.NoError(t, eachRecord(directory, 0, func([]byte, *wal.Record) error { return nil }))
		require.NoError(t, cutOffTorn(directory, zap.NewNop()))
		again, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, whole, again)

		// The same as a checkpoint: it is read as far as it can be.
		checkpoint := filepath.Join(directory, "checkpoint.000001")
		require.NoError(t, os.Mkdir(checkpoint, 0o700))
		require.NoError(t, os.WriteFile(wlog.SegmentName(checkpoint, 0), segment, 0o600))
		_, err = checkpointed(directory)
		require.NoError(t, err)
	})
}

// segmentOf returns a segment with these records.
func segmentOf(f *testing.F, records ...string) []byte {
	f.Helper()
	directory := f.TempDir()
	log, err := wlog.New(nil, nil, directory, "none")
	require.NoError(f, err)
	for _, record := range records {
		require.NoError(f, log.Log([]byte(record)))
	}
	require.NoError(f, log.Close())
	content, err := os.ReadFile(wlog.SegmentName(directory, 0))
	require.NoError(f, err)
	return content
}

// Whatever a packed file of the index holds, it can be unpacked, or it is torn: no content is
// taken for a disk that cannot be read, which ends the start.
func FuzzUnpack(f *testing.F) {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write(bytes.Repeat([]byte("an index "), 20))
	require.NoError(f, err)
	require.NoError(f, writer.Close())
	whole := packed.Bytes()
	for _, content := range [][]byte{nil, {0x1f, 0x8b}, whole, whole[:len(whole)-9], append(bytes.Clone(whole), 0), append(bytes.Clone(whole), whole...)} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "index.gz")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		if err := unpack(path); err != nil {
			assert.True(t, isTorn(err), err)
		}
	})
}
