// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"
)

// CPU returns what the process has used of the processors, in its own code and in the
// kernel.
func (p *Process) CPU(tb testing.TB) time.Duration {
	tb.Helper()
	observed, err := process.NewProcess(int32(p.command.Process.Pid)) //nolint:gosec // a process id fits
	require.NoError(tb, err)
	times, err := observed.Times()
	require.NoError(tb, err)
	return time.Duration((times.User + times.System) * float64(time.Second))
}
