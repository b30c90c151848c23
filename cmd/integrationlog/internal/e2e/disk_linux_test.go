// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// diskSize leaves room above min_free_disk, 256 MiB, for what the test stores.
const diskSize = 384 * mib

// With little room left on the disk webhooks are refused, and taken again when there
// is room; nothing is lost, not even on a disk that is full to the last byte, where
// somebody then pulls the plug.
func TestDiskFull(t *testing.T) {
	disk := harness.MountDisk(t, diskSize)
	all := install(t)
	all.Directory = filepath.Join(disk.Directory, "data")
	all.Env["INTEGRATIONLOG_DATA_DIR"] = all.Directory
	process, _ := all.Run(t)
	load := harness.StartLoad(t.Context(), all.Shop, harness.LoadSettings{Connections: 4, PerSecond: 200}, func(n int) harness.Webhook {
		return order(fmt.Sprintf("disk-%06d", n), time.Now())
	})
	awaitAccepted(t, load, 200)

	disk.Leave(t, 255*mib)
	awaitRefusals(t, load)
	answer, err := all.Shop.Send(t.Context(), order("refused", time.Now()))
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, answer.Code)
	assert.NotEmpty(t, answer.RetryAfter)
	disk.Clear(t)
	awaitAccepted(t, load, load.Ledger.Accepted()+200)

	disk.Leave(t, 0)
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
	disk.Clear(t)
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
