// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// PoweredDisk is a disk with ext4, the power of which can be cut: what was not written through
// to it by then is lost.
type PoweredDisk struct {
	// Directory is where it is mounted.
	Directory string
	image     string
}

const (
	// shutdownRequest is EXT4_IOC_SHUTDOWN, and withoutLog its flag by which nothing of what
	// is in memory is written any more, the journal neither.
	// Source: https://www.kernel.org/doc/html/latest/admin-guide/ext4.html
	shutdownRequest, withoutLog = 0x8004587d, 2
)

// MountPowered returns a disk of that many bytes, which goes with the test. The error is
// os.ErrPermission where the user may not mount one, and os.ErrNotExist or exec.ErrNotFound
// where the machine has no loop devices or no mkfs.ext4.
func MountPowered(tb testing.TB, size int64) (*PoweredDisk, error) {
	tb.Helper()
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("mounting a disk takes root: %w", os.ErrPermission)
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		return nil, err
	}
	d := &PoweredDisk{Directory: filepath.Join(tb.TempDir(), "disk"), image: filepath.Join(tb.TempDir(), "image")}
	require.NoError(tb, os.Mkdir(d.Directory, 0o700))
	require.NoError(tb, os.WriteFile(d.image, nil, 0o600))
	require.NoError(tb, os.Truncate(d.image, size))
	if err := run(tb, "mkfs.ext4", "-q", "-F", d.image); err != nil {
		return nil, err
	}
	if err := d.mount(tb); errors.Is(err, exec.ErrNotFound) {
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("%w: %w", os.ErrPermission, err)
	}
	tb.Cleanup(func() { assert.NoError(tb, syscall.Unmount(d.Directory, 0)) })
	return d, nil
}

// CutPower lets whatever is done to the disk fail from now on, and forgets what it has not
// been written through. Those who use it have to end before it can have power again.
func (d *PoweredDisk) CutPower(tb testing.TB) {
	tb.Helper()
	directory, err := os.Open(d.Directory)
	require.NoError(tb, err)
	require.NoError(tb, unix.IoctlSetPointerInt(int(directory.Fd()), shutdownRequest, withoutLog))
	_ = directory.Close() // it may fail: the disk is away
}

// Restore gives power again.
func (d *PoweredDisk) Restore(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, syscall.Unmount(d.Directory, 0))
	require.NoError(tb, d.mount(tb))
}

func (d *PoweredDisk) mount(tb testing.TB) error {
	tb.Helper()
	return run(tb, "mount", "-o", "loop", d.image, d.Directory)
}

func run(tb testing.TB, name string, args ...string) error {
	tb.Helper()
	output, err := exec.CommandContext(tb.Context(), name, args...).CombinedOutput() //nolint:gosec // a program of the system
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, output)
	}
	return nil
}
