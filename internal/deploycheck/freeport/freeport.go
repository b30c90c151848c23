// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package freeport finds ports for programs that a test starts.
package freeport

import (
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"
)

// Ports below the range that systems take for outgoing connections, any of which could get a
// port between this package's look at it and the program's.
const first, last = 20_000, 32_000

var taken sync.Map

// Find returns a port of the loopback interface that nobody listens on, and that no other call
// in this process returns.
func Find(tb testing.TB) string {
	tb.Helper()
	for range 1000 {
		port := strconv.Itoa(first + rand.IntN(last-first)) //nolint:gosec // no secret
		if _, known := taken.LoadOrStore(port, true); !known && isFree(tb, port) {
			return port
		}
	}
	tb.Fatalf("no port is free between %d and %d", first, last)
	return ""
}

func isFree(tb testing.TB, port string) bool {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return false
	}
	if err := listener.Close(); err != nil {
		tb.Fatal(err)
	}
	return true
}
