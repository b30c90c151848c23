// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// diskSize leaves room above min_free_disk, 256 MiB, for what the test stores.
const diskSize = 384 * mib

// mountDisk returns a directory on a small file system of its own. It skips the test
// where the user may not mount one; TestMinFreeDisk needs none.
func mountDisk(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	err := syscall.Mount("tmpfs", directory, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize))
	if errors.Is(err, os.ErrPermission) {
		t.Skipf("a small file system is needed, and only root may mount one: %v", err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(directory, 0)) })
	return directory
}

// filler takes space on a disk.
type filler struct{ path string }

// leave leaves no more than that many bytes free; 0 fills the disk to the last.
func (f filler) leave(t *testing.T, bytes uint64) {
	t.Helper()
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	defer func() { assert.NoError(t, file.Close()) }()
	block := make([]byte, 64<<10)
	for freeOn(t, f.path) > bytes {
		_, err := file.Write(block)
		if bytes == 0 && errors.Is(err, syscall.ENOSPC) {
			return
		}
		require.NoError(t, err)
	}
}

func (f filler) remove(t *testing.T) {
	t.Helper()
	require.NoError(t, os.Remove(f.path))
}

func freeOn(t *testing.T, path string) uint64 {
	t.Helper()
	var usage syscall.Statfs_t
	require.NoError(t, syscall.Statfs(filepath.Dir(path), &usage))
	return usage.Bavail * uint64(usage.Bsize)
}

// With little room left on the disk webhooks are refused, and taken again when there
// is room; nothing is lost, not even on a disk that is full to the last byte, where
// somebody then pulls the plug.
func TestDiskFull(t *testing.T) {
	disk := mountDisk(t)
	filler := filler{path: filepath.Join(disk, "filler")}
	all := install(t)
	all.Directory = filepath.Join(disk, "data")
	all.Env["INTEGRATIONLOG_DATA_DIR"] = all.Directory
	process, _ := all.Run(t)
	load := harness.StartLoad(t.Context(), all.Shop, harness.LoadSettings{Connections: 4, PerSecond: 200}, func(n int) harness.Webhook {
		return order(fmt.Sprintf("disk-%06d", n), time.Now())
	})
	awaitAccepted(t, load, 200)

	filler.leave(t, 255*mib)
	awaitRefusals(t, load)
	answer, err := all.Shop.Send(t.Context(), order("refused", time.Now()))
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, answer.Code)
	assert.NotEmpty(t, answer.RetryAfter)
	filler.remove(t)
	awaitAccepted(t, load, load.Ledger.Accepted()+200)

	filler.leave(t, 0)
	awaitRefusals(t, load)
	process.Kill()
	process = all.Start(t) // it may start, or say why it cannot
	harness.Eventually(t, time.Minute, func(ctx context.Context) error {
		if process.HasEnded() {
			return nil
		}
		return all.Healthy(ctx)
	})
	process.Kill()
	assert.NotContains(t, process.Stderr.String(), "panic")
	filler.remove(t)
	finish(t, all, load)
}

// awaitRefusals waits until nothing has been accepted while a number of deliveries
// were refused.
func awaitRefusals(t *testing.T, load *harness.Load) {
	t.Helper()
	accepted, refused := -1, 0
	harness.Eventually(t, 30*time.Second, func(context.Context) error {
		if now := load.Ledger.Accepted(); now != accepted {
			accepted, refused = now, load.Ledger.Answers(http.StatusServiceUnavailable)
		}
		if n := load.Ledger.Answers(http.StatusServiceUnavailable) - refused; n < 20 {
			return fmt.Errorf("%d refusals in a row: %s", n, load.Ledger)
		}
		return nil
	})
}
