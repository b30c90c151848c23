// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
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

// More is wanted free than any disk has: webhooks are refused, the health tells, and
// with the setting put right they are taken, without a restart.
func TestMinFreeDisk(t *testing.T) {
	all := install(t)
	setting := filepath.Join(t.TempDir(), "setting.yaml")
	want := func(mib uint64) {
		t.Helper()
		text := fmt.Sprintf("receivers::shopify::min_free_disk::mib: %d\n", mib)
		require.NoError(t, os.WriteFile(setting, []byte(text), 0o600))
	}
	want(1 << 40)
	all.Configure("extensions::health_check::component_health::recovery_duration: 1s")
	all.Args = append(all.Args, "--config", "file:"+setting)
	process, _ := all.Run(t)

	webhook := order("patient", time.Now())
	answer, err := all.Shop.Send(t.Context(), webhook)
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, answer.Code)
	assert.NotEmpty(t, answer.RetryAfter)
	harness.Eventually(t, 30*time.Second, func(ctx context.Context) error {
		code, err := all.Health(ctx)
		if err == nil && code != http.StatusInternalServerError {
			err = fmt.Errorf("health is %d, though nothing is accepted", code)
		}
		return err
	})
	assert.Len(t, process.Stderr.Lines("min_free_disk"), 1, "said once")

	want(1)
	process.Signal(syscall.SIGHUP)
	harness.Eventually(t, 30*time.Second, func(ctx context.Context) error { return sendOne(ctx, all.Shop, webhook) })
	requireNothingNew(t, all, webhook)
	harness.Eventually(t, 30*time.Second, all.Healthy)
	process.Stop(t)
}
