// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import "testing"

// TestAttacks attacks both programs, one attack after the other, and requires after each that
// they are unharmed.
func TestAttacks(t *testing.T) {
	w := newWorld(t)
	for _, a := range []struct {
		name   string
		attack func(*testing.T, *world)
	}{
		{"wrong credentials", wrongCredentials},
		{"malformed requests", malformedRequests},
		{"header floods", headerFloods},
		{"path tricks", pathTricks},
		{"smuggled requests", smuggledRequests},
		{"other hosts and sites", otherHosts},
		{"large bodies", largeBodies},
		{"compression bombs", compressionBombs},
		{"wide windows", wideWindows},
		{"slow senders", slowSenders},
		{"frames of gRPC", framesOfGRPC},
		{"HTTP/2 without TLS", http2InClear},
		{"smuggled lines", smuggledLines},
		{"queries that break out", queriesThatBreakOut},
		{"label bombs", labelBombs}, // the last: it uses up what labels there can be
	} {
		t.Run(a.name, func(t *testing.T) {
			a.attack(t, w)
			w.requireUnharmed(t)
		})
	}
}
