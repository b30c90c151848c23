// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ports below the range that systems take for outgoing connections: a client that
// knocks at the port of a process that was killed must not get that very port for its
// own end, and so keep it from the process that comes back.
const (
	firstPort = 20_000
	lastPort  = 32_000
)

var taken = struct {
	sync.Mutex
	ports map[int]bool
}{ports: map[int]bool{}}

// FreePort returns a port of the loopback interface that nobody listens on, and that
// no other call in this process returns.
func FreePort(tb testing.TB) int {
	tb.Helper()
	taken.Lock()
	defer taken.Unlock()
	for range 1000 {
		port := firstPort + rand.IntN(lastPort-firstPort) //nolint:gosec // no secret
		if !taken.ports[port] && isFree(tb, port) {
			taken.ports[port] = true
			return port
		}
	}
	require.Fail(tb, "no free port", "between %d and %d", firstPort, lastPort)
	return 0
}

func isFree(tb testing.TB, port int) bool {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", address(port))
	if err != nil {
		return false
	}
	require.NoError(tb, listener.Close())
	return true
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func url(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
