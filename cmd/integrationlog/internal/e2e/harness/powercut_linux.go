// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"
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

// MountPowered returns a disk of that many bytes, which goes with the test. It skips the test
// where the machine cannot have one, and says why: without the right to mount, mostly root's,
// without loop devices, or without mkfs.ext4.
func MountPowered(tb testing.TB, size int64) *PoweredDisk {
	tb.Helper()
	_, errMount := mount(tb, uint64(os.Getpagesize())) //nolint:gosec // a page has a size
	_, errLoop := os.Stat("/dev/loop-control")
	_, errMkfs := exec.LookPath("mkfs.ext4")
	if errors.Is(errMount, os.ErrPermission) || errors.Is(errLoop, os.ErrNotExist) || errors.Is(errMkfs, exec.ErrNotFound) {
		untried.Skip(tb, errors.Join(errMount, errLoop, errMkfs))
	}
	require.NoError(tb, errors.Join(errMount, errLoop, errMkfs))
	d := &PoweredDisk{Directory: filepath.Join(tb.TempDir(), "disk"), image: filepath.Join(tb.TempDir(), "image")}
	require.NoError(tb, os.Mkdir(d.Directory, 0o700))
	require.NoError(tb, os.WriteFile(d.image, nil, 0o600))
	require.NoError(tb, os.Truncate(d.image, size))
	run(tb, "mkfs.ext4", "-q", "-F", d.image)
	d.mount(tb)
	tb.Cleanup(func() { assert.NoError(tb, syscall.Unmount(d.Directory, 0)) })
	return d
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
	d.mount(tb)
}

func (d *PoweredDisk) mount(tb testing.TB) {
	tb.Helper()
	run(tb, "mount", "-o", "loop", d.image, d.Directory)
}

func run(tb testing.TB, name string, args ...string) {
	tb.Helper()
	output, err := exec.CommandContext(tb.Context(), name, args...).CombinedOutput() //nolint:gosec // a program of the system
	require.NoError(tb, err, "%s: %s", name, output)
}
