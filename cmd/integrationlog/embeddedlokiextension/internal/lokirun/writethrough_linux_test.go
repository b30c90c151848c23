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

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"
)

// What an earlier version has left is marked, and what is made later, also behind a link. What
// is there after a power cut is tried by the soak.
func TestWriteThrough(t *testing.T) {
	directory, link := filepath.Join(t.TempDir(), "index"), filepath.Join(t.TempDir(), "link")
	early, late := filepath.Join(directory, "wal", "early"), filepath.Join(directory, "wal", "late")
	require.NoError(t, os.MkdirAll(filepath.Dir(early), 0o700))
	require.NoError(t, os.WriteFile(early, nil, 0o600))
	require.NoError(t, os.Symlink(directory, link))
	err := writeThrough(link)
	if errors.Is(err, errors.ErrUnsupported) {
		untried.Skip(t, err)
	}
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(late, nil, 0o600))
	for _, path := range []string{directory, early, late} {
		marked, err := isMarked(path)
		require.NoError(t, err)
		assert.True(t, marked, path)
	}
	require.NoError(t, writeThrough(directory), "again")
	left, err := os.ReadDir(directory)
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

// A file system that cannot do it is no reason not to start.
func TestWriteThroughUnsupported(t *testing.T) {
	const proc = "/proc/self"
	require.ErrorIs(t, writeThrough(proc), errors.ErrUnsupported)
	core, logs := observer.New(zap.WarnLevel)
	c := &loki.ConfigWrapper{}
	c.StorageConfig.TSDBShipperConfig.ActiveIndexDirectory = proc
	writeIndexThrough(c, zap.New(core))
	require.Equal(t, 1, logs.Len())
	assert.Contains(t, logs.All()[0].Message, "a loss of power may cost")
}
