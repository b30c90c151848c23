// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"
)

// Disk is a small file system of its own, in memory.
type Disk struct {
	// Directory is where it is mounted.
	Directory string
}

// MountDisk returns a disk of that many bytes, which goes with the test. It skips the test
// where the user may not mount one: mostly only root may.
func MountDisk(tb testing.TB, size uint64) Disk {
	tb.Helper()
	d, err := mount(tb, size)
	if errors.Is(err, os.ErrPermission) {
		untried.Skip(tb, err)
	}
	require.NoError(tb, err)
	return d
}

func mount(tb testing.TB, size uint64) (Disk, error) {
	tb.Helper()
	d := Disk{Directory: tb.TempDir()}
	if err := syscall.Mount("tmpfs", d.Directory, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		return Disk{}, fmt.Errorf("a small file system is needed: %w", err)
	}
	tb.Cleanup(func() { assert.NoError(tb, syscall.Unmount(d.Directory, 0)) })
	return d, nil
}

// Leave writes to the disk until no more than that many bytes are free; 0 fills it to the
// last.
func (d Disk) Leave(tb testing.TB, bytes uint64) {
	tb.Helper()
	file, err := os.OpenFile(d.filler(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(tb, err)
	defer func() { assert.NoError(tb, file.Close()) }()
	block := make([]byte, 64<<10)
	for d.free(tb) > bytes {
		_, err := file.Write(block)
		if bytes == 0 && errors.Is(err, syscall.ENOSPC) {
			return
		}
		require.NoError(tb, err)
	}
}

// Clear takes away what Leave has written.
func (d Disk) Clear(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, os.Remove(d.filler()))
}

func (d Disk) filler() string { return filepath.Join(d.Directory, "filler") }

func (d Disk) free(tb testing.TB) uint64 {
	tb.Helper()
	var usage syscall.Statfs_t
	require.NoError(tb, syscall.Statfs(d.Directory, &usage))
	return usage.Bavail * uint64(usage.Bsize) //nolint:gosec // the size of a block is positive
}
