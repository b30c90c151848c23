// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// Memory when idle is bounded as promised. Time is measured and shown; its bound is wide,
// because a machine that is busy with something else is slow.
func TestFootprint(t *testing.T) {
	for _, c := range []struct {
		name    string
		install func(*testing.T) *harness.Installation
		// memory is what the process may use at most, in bytes.
		memory uint64
	}{
		{"all in one", install, 200_000_000},
		{"collector", func(t *testing.T) *harness.Installation {
			t.Helper()
			return installGateway(t, "http://127.0.0.1:9", nil)
		}, 80_000_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			installation := c.install(t)
			process, fastest := installation.Run(t)
			for range 2 {
				process.Stop(t)
				var took time.Duration
				process, took = installation.Run(t)
				fastest = min(fastest, took)
			}
			memory := idleMemory(t, process)
			t.Logf("%s: ready after %s, %d MiB of resident memory when idle", c.name, fastest, memory/mib)
			assert.Less(t, fastest, 20*time.Second)
			assert.Less(t, memory, c.memory)
		})
	}
}

// idleMemory returns the resident memory of a process in bytes, once it has not grown by a
// megabyte for a second: vendors that are not there are asked again now and then.
func idleMemory(t *testing.T, process *harness.Process) uint64 {
	t.Helper()
	largest, since := process.RSS(t), time.Now()
	harness.Eventually(t, 30*time.Second, func(context.Context) error {
		if now := process.RSS(t); now > largest+mib {
			largest, since = now, time.Now()
		}
		if time.Since(since) < time.Second {
			return context.DeadlineExceeded
		}
		return nil
	})
	return process.RSS(t)
}
