// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// Directories of an earlier version are marked, and those that are made later. What is in
// them after a power cut is tried by the soak.
func TestWriteThrough(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "chunks")
	early, late := filepath.Join(directory, "fake", "early"), filepath.Join(directory, "fake", "late")
	require.NoError(t, os.MkdirAll(early, 0o700))
	err := writeThrough(directory)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("the file system of temporary files cannot do it:", err)
	}
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(late, 0o700))
	for _, path := range []string{directory, early, late} {
		marked, err := isMarked(path)
		require.NoError(t, err)
		assert.True(t, marked, path)
	}
	require.NoError(t, writeThrough(directory), "again")
}

// A file system that cannot do it is no reason not to start.
func TestWriteThroughUnsupported(t *testing.T) {
	const proc = "/proc/self"
	require.ErrorIs(t, writeThrough(proc), errors.ErrUnsupported)
	core, logs := observer.New(zap.WarnLevel)
	c := &loki.ConfigWrapper{}
	writeChunksThrough(c, zap.New(core))
	require.Zero(t, logs.Len(), "an object store")
	c.StorageConfig.FSConfig.Directory = proc
	writeChunksThrough(c, zap.New(core))
	require.Equal(t, 1, logs.Len())
	assert.Contains(t, logs.All()[0].Message, "a loss of power may cost")
}
