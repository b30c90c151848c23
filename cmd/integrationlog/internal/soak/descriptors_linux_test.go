// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// noDescriptors takes away the program's room for more open files and connections, and gives it
// back. Those that are open stay.
func noDescriptors(t *testing.T, s *station) {
	t.Helper()
	process := s.process.Load()
	var before unix.Rlimit
	limit := func(now *unix.Rlimit) {
		require.NoError(t, unix.Prlimit(process.PID(), unix.RLIMIT_NOFILE, now, nil))
	}
	require.NoError(t, unix.Prlimit(process.PID(), unix.RLIMIT_NOFILE, nil, &before))
	pause(t, time.Second)
	told := len(process.Stderr.Lines(tooMany))
	limit(&unix.Rlimit{Cur: 1, Max: before.Max})
	defer limit(&before)
	// A connection more, which is not taken.
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", s.all.Ports.Webhook))
	require.NoError(t, err)
	defer func() { require.NoError(t, connection.Close()) }()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if len(process.Stderr.Lines(tooMany)) == told {
			return errors.New("it says nothing of it")
		}
		return nil
	})
	pause(t, 3*time.Second)
}

// tooMany is what the system says.
const tooMany = "too many open files"
