// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// hurryCompactor gives an installation the built-in configuration of Loki, but for a
// compactor that runs after seconds instead of ten minutes.
func hurryCompactor(t *testing.T, all *harness.Installation) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(harness.Repository(), "cmd", "integrationlog", "embeddedlokiextension", "loki.yaml"))
	require.NoError(t, err)
	changed := string(text)
	for old, changes := range map[string]string{
		"data/loki":                filepath.Join(all.Directory, "loki"),
		"3100":                     fmt.Sprint(all.Ports.Loki),
		"9095":                     fmt.Sprint(all.Ports.LokiGRPC),
		"compaction_interval: 10m": "compaction_interval: 5s",
	} {
		require.Contains(t, changed, old)
		changed = strings.ReplaceAll(changed, old, changes)
	}
	file := filepath.Join(t.TempDir(), "loki.yaml")
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	all.Args = append(all.Args, "--config", "yaml:extensions::embedded_loki::config_file: "+file)
}

// awaitCompactor waits until the compactor has run, and has applied the retention.
func awaitCompactor(t *testing.T, all *harness.Installation) {
	t.Helper()
	harness.Eventually(t, 30*time.Second, func(ctx context.Context) error {
		metrics, err := all.LokiMetrics(ctx)
		if err == nil && metrics.Sum("loki_compactor_apply_retention_last_successful_run_timestamp_seconds") == 0 {
			err = errors.New("the compactor has not applied the retention")
		}
		return err
	})
}
