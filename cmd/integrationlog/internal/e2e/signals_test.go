// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// steady is a load that leaves room for other things.
var steady = harness.LoadSettings{Connections: 8, PerSecond: 500}

// SIGTERM under load: receivers end first, then the pipelines, Loki last.
func TestStopUnderLoad(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	load := startOrders(t, all, "term")
	awaitAccepted(t, load, 500)
	took := process.Stop(t)
	t.Logf("stopped under load after %s", took)

	log := process.Stderr.String()
	for _, trouble := range []string{"panic", "refused", "Exporting failed", "Dropping data", "deadline exceeded"} {
		assert.NotContains(t, log, trouble)
	}
	requireOrder(t, log, "Received signal", "Starting shutdown", "Stopping extensions", "Loki has stopped", "Shutdown complete")

	// What is in Loki now was there before the process ended.
	accepted, _ := load.Ledger.IDs()
	inLoki := countAlone(t, all)
	t.Logf("%d accepted by then, %d in Loki", len(accepted), inLoki)
	assert.Greater(t, inLoki, len(accepted)/2, "most had been delivered")

	finish(t, all, load)
}

// SIGINT does the same as SIGTERM, and SIGTERM while it starts ends the process too.
func TestOtherWaysToStop(t *testing.T) {
	t.Run("SIGINT", func(t *testing.T) {
		all := install(t)
		process, _ := all.Run(t)
		process.Signal(syscall.SIGINT)
		process.Wait(t)
		assert.Zero(t, process.ExitCode())
	})
	t.Run("SIGTERM during the start", func(t *testing.T) {
		all := install(t)
		for _, reached := range []string{"Starting extensions", "Loki is ready", "Listening for webhooks"} {
			process := all.Start(t)
			harness.Eventually(t, time.Minute, func(context.Context) error {
				if !strings.Contains(process.Stderr.String(), reached) {
					return fmt.Errorf("no line %q", reached)
				}
				return nil
			})
			process.Signal(syscall.SIGTERM)
			process.Wait(t)
		}
		process, _ := all.Run(t)
		process.Stop(t)
	})
}

// SIGHUP reads the configuration again. Webhooks wait meanwhile, and none is lost.
func TestReloadUnderLoad(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	load := startOrders(t, all, "hup")
	for reload := 1; reload <= 3; reload++ {
		awaitAccepted(t, load, load.Ledger.Accepted()+200)
		process.Signal(syscall.SIGHUP)
		harness.Eventually(t, 30*time.Second, func(ctx context.Context) error {
			if n := len(process.Stderr.Lines("Everything is ready")); n != 1+reload {
				return fmt.Errorf("ready %d times after %d reloads", n, reload)
			}
			return all.Healthy(ctx)
		})
	}
	awaitAccepted(t, load, load.Ledger.Accepted()+200)
	require.False(t, process.HasEnded())
	require.NoError(t, load.Stop(time.Minute))
	t.Logf("ledger: %s", load.Ledger)
	all.AwaitEmptyQueue(t, time.Minute)
	accepted, unanswered := load.Ledger.IDs()
	require.Empty(t, unanswered)
	require.NoError(t, stored(t.Context(), all.Loki, accepted, nil))
	process.Stop(t)
}

// A port that somebody else has is named, for each of them.
func TestPortTaken(t *testing.T) {
	for _, name := range []string{"WEBHOOK", "LOKI", "LOKI_GRPC", "OTLP_GRPC", "OTLP_HTTP", "HEALTH", "TELEMETRY", "METRICS"} {
		t.Run(name, func(t *testing.T) {
			all := install(t)
			address := net.JoinHostPort("127.0.0.1", all.Env["INTEGRATIONLOG_"+name+"_PORT"])
			listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
			require.NoError(t, err)
			defer func() { assert.NoError(t, listener.Close()) }()

			process := all.Start(t)
			harness.Eventually(t, 30*time.Second, func(context.Context) error {
				if !process.HasEnded() {
					return fmt.Errorf("it still runs: %s", process.Stderr.Tail(300))
				}
				return nil
			})
			assert.Positive(t, process.ExitCode())
			assert.NotContains(t, process.Stderr.String(), "panic")
			last := lastError(process)
			assert.Contains(t, last, all.Env["INTEGRATIONLOG_"+name+"_PORT"])
			assert.Contains(t, last, "address already in use")
			t.Log(last)
		})
	}
}

// Two processes with one data directory would destroy each other's data: the second
// ends and says why, and the first goes on.
func TestDataDirectoryInUse(t *testing.T) {
	first := install(t)
	first.Run(t)
	second := install(t)
	second.Env["INTEGRATIONLOG_DATA_DIR"] = first.Directory
	process := second.Start(t)
	harness.Eventually(t, 30*time.Second, func(context.Context) error {
		if !process.HasEnded() {
			return fmt.Errorf("it still runs: %s", process.Stderr.Tail(300))
		}
		return nil
	})
	assert.Positive(t, process.ExitCode())
	assert.NotContains(t, process.Stderr.String(), "panic")
	last := lastError(process)
	assert.Contains(t, last, first.Directory)
	assert.Contains(t, last, "another process")
	t.Log(last)

	webhooks := orders("unharmed", 10, time.Now())
	sendAll(t, first.Shop, webhooks)
	requireOnce(t, first.Loki, storeWithin, webhooks)
}

func TestDataDirectoryThatCannotBeWritten(t *testing.T) {
	all := install(t)
	// Not even root can make a directory below a file.
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	all.Env["INTEGRATIONLOG_DATA_DIR"] = file
	process := all.Start(t)
	process.Wait(t)
	assert.Positive(t, process.ExitCode())
	assert.NotContains(t, process.Stderr.String(), "panic")
	assert.Contains(t, lastError(process), file)
	t.Log(lastError(process))
}

// lastError returns the line with which the command ends.
func lastError(process *harness.Process) string {
	log := process.Stderr.String()
	return strings.TrimSpace(log[max(0, strings.LastIndex(log, "\nError:")):])
}

func startOrders(t *testing.T, all *harness.Installation, prefix string) *harness.Load {
	t.Helper()
	return harness.StartLoad(t.Context(), all.Shop, steady, func(n int) harness.Webhook {
		return order(fmt.Sprintf("%s-%06d", prefix, n), time.Now())
	})
}

func awaitAccepted(t *testing.T, load *harness.Load, count int) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if load.Ledger.Accepted() < count {
			return fmt.Errorf("fewer than %d are accepted: %s", count, load.Ledger)
		}
		return nil
	})
}

// requireOrder requires that the texts stand in the log in this order.
func requireOrder(t *testing.T, log string, texts ...string) {
	t.Helper()
	at := 0
	for _, text := range texts {
		i := strings.Index(log[at:], text)
		require.GreaterOrEqual(t, i, 0, "%q after what precedes it", text)
		at += i
	}
}

// countAlone returns how many entries the Loki of a stopped installation has, without
// starting anything else that might add to them.
func countAlone(t *testing.T, all *harness.Installation) int {
	t.Helper()
	loki := harness.LokiOn(t, binaries.AllInOne(t), filepath.Join(all.Directory, "loki"))
	process := loki.Run(t)
	count, err := loki.Count(t.Context(), everything)
	require.NoError(t, err)
	process.Stop(t)
	return count
}

// finish starts the installation, has everything delivered that was begun, and
// compares.
func finish(t *testing.T, all *harness.Installation, load *harness.Load) {
	t.Helper()
	process, _ := all.Run(t)
	require.NoError(t, load.Stop(time.Minute))
	t.Logf("ledger: %s", load.Ledger)
	all.AwaitEmptyQueue(t, time.Minute)
	accepted, unanswered := load.Ledger.IDs()
	require.Empty(t, unanswered)
	require.NoError(t, stored(t.Context(), all.Loki, accepted, nil))
	process.Stop(t)
}
