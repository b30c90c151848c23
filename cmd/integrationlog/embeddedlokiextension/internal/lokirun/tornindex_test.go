// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

func TestTornFilesOfTheIndexAreSetAside(t *testing.T) {
	var whole bytes.Buffer
	writer := gzip.NewWriter(&whole)
	_, err := writer.Write(bytes.Repeat([]byte("the index of a day, "), 1000))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	changed := bytes.Clone(whole.Bytes())
	changed[len(changed)/2] ^= 1

	chunks := t.TempDir()
	files := map[string][]byte{
		"index/index_20784/1-whole.tsdb.gz":       whole.Bytes(),
		"index/index_20784/fake/2-whole.tsdb.gz":  whole.Bytes(),
		"index/index_20784/3-empty.tsdb.gz":       {},
		"index/index_20784/4-cut.tsdb.gz":         whole.Bytes()[:whole.Len()-1],
		"index/index_20784/fake/5-cut.tsdb.gz":    whole.Bytes()[:9],
		"index/index_20784/fake/6-other.tsdb.gz":  changed,
		"index/delete_requests/7-no-archive.json": []byte("{"),
		"fake/8-a-chunk.gz":                       nil,
	}
	for name, content := range files {
		path := filepath.Join(chunks, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, content, 0o600))
	}
	core, logs := observer.New(zap.DebugLevel)
	require.NoError(t, setAsideTorn(chunks, zap.New(core)))

	torn := map[string]bool{
		"index/index_20784/3-empty.tsdb.gz": true, "index/index_20784/4-cut.tsdb.gz": true,
		"index/index_20784/fake/5-cut.tsdb.gz": true, "index/index_20784/fake/6-other.tsdb.gz": true,
	}
	for name, content := range files {
		at := name
		if torn[name] {
			assert.NoFileExists(t, filepath.Join(chunks, filepath.FromSlash(name)))
			at = "damaged/" + name
		}
		got, err := os.ReadFile(filepath.Join(chunks, filepath.FromSlash(at)))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(content, got), at)
	}
	assert.Equal(t, len(torn), logs.FilterLevelExact(zap.ErrorLevel).Len(), "each is said")
	require.NoError(t, setAsideTorn(filepath.Join(chunks, "nowhere"), zap.NewNop()), "the first start has no index yet")
}

// What cannot be read may be whole.
func TestIndexFileThatCannotBeRead(t *testing.T) {
	for _, err := range []error{fs.ErrPermission, syscall.EIO, syscall.EMFILE} {
		assert.False(t, isTorn(&fs.PathError{Op: "open", Path: "index.tsdb.gz", Err: err}), err)
	}
}
