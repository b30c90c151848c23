// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"
)

// makeOne makes the directory of a demo that runs.
func makeOne(t *testing.T, parent string, keep bool) *directory {
	t.Helper()
	d, err := newDirectory(parent, keep)
	require.NoError(t, err)
	t.Cleanup(func() {
		if d.lock != nil {
			require.NoError(t, d.lock.Close())
		}
	})
	require.NoError(t, os.MkdirAll(filepath.Join(d.path, "loki", "chunks"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(d.path, filepath.FromSlash(lokiLock)), nil, 0o600))
	return d
}

// kill frees the locks as the end of a process does.
func (d *directory) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, d.lock.Close())
}

func TestWhatAKilledDemoHasLeftIsRemoved(t *testing.T) {
	parent := t.TempDir()
	left := makeOne(t, parent, false)
	left.kill(t)
	running, kept := makeOne(t, parent, false), makeOne(t, parent, true)

	removed, err := removeAbandoned(parent)
	require.NoError(t, err)
	assert.Equal(t, []string{left.path}, removed)
	assert.NoDirExists(t, left.path)
	assert.DirExists(t, running.path)
	assert.DirExists(t, kept.path)

	require.NoError(t, running.keep())
	removed, err = removeAbandoned(parent)
	require.NoError(t, err)
	assert.Empty(t, removed, "somebody was told where to read it")
	require.NoError(t, running.remove())
	require.NoError(t, kept.remove())
	assert.NoDirExists(t, running.path)
	assert.NoDirExists(t, kept.path)
}

// A collector may still write down what it holds when its demo is gone.
func TestWhatACollectorHasStays(t *testing.T) {
	parent := t.TempDir()
	left := makeOne(t, parent, false)
	left.kill(t)
	loki := flock.New(filepath.Join(left.path, filepath.FromSlash(lokiLock)))
	require.NoError(t, lockNow(loki))
	removed, err := removeAbandoned(parent)
	require.NoError(t, err)
	assert.Empty(t, removed)
	require.NoError(t, loki.Close())
	removed, err = removeAbandoned(parent)
	require.NoError(t, err)
	assert.Equal(t, []string{left.path}, removed)
}

func TestWhatIsNoDemosStays(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, path string){
		"another name": func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Rename(path, filepath.Join(filepath.Dir(path), "mine")))
		},
		"no lock": func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Remove(filepath.Join(path, lockFile)))
		},
		"no configuration": func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Remove(filepath.Join(path, changesFile)))
		},
		"the lock is a link": func(t *testing.T, path string) {
			t.Helper()
			lock := filepath.Join(path, lockFile)
			require.NoError(t, os.Rename(lock, lock+".2"))
			require.NoError(t, os.Symlink(lock+".2", lock))
		},
		"a link to it": func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Rename(path, path+"-mine"))
			require.NoError(t, os.Rename(path+"-mine", filepath.Join(filepath.Dir(path), "mine")))
			require.NoError(t, os.Symlink(filepath.Join(filepath.Dir(path), "mine"), path))
		},
		"a file": func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Rename(path, filepath.Join(filepath.Dir(path), "mine")))
			require.NoError(t, os.WriteFile(path, nil, 0o600))
		},
		"somebody else's": func(t *testing.T, path string) {
			t.Helper()
			if err := os.Chown(path, os.Getuid()+1, -1); err != nil {
				untried.Skip(t, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			left := makeOne(t, parent, false)
			left.kill(t)
			spoil(t, left.path)
			before, err := os.ReadDir(parent)
			require.NoError(t, err)
			removed, err := removeAbandoned(parent)
			require.NoError(t, err)
			assert.Empty(t, removed)
			after, err := os.ReadDir(parent)
			require.NoError(t, err)
			assert.Len(t, after, len(before))
			assert.True(t, exists(filepath.Join(left.path, allInOneFile)) || exists(filepath.Join(parent, "mine", allInOneFile)))
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestADemoNeedsADirectory(t *testing.T) {
	_, err := newDirectory(filepath.Join(t.TempDir(), "nowhere"), false)
	require.ErrorContains(t, err, "TMPDIR names another")
	removed, err := removeAbandoned(filepath.Join(t.TempDir(), "nowhere"))
	require.NoError(t, err)
	assert.Empty(t, removed)
}
