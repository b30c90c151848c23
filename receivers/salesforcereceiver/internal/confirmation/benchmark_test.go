// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkAdd adds a change to as many as may be pending.
func BenchmarkAdd(b *testing.B) {
	h := newHarness(b)
	var changes []Change
	for i := range DefaultMaxPending - 1 {
		changes = append(changes, change("Account", fmt.Sprintf("0015e000000%04d", i)))
	}
	h.add(changes...)
	b.ReportAllocs()
	for b.Loop() {
		c := change("Contact", record)
		_, err := h.tracker.Add(b.Context(), []Change{c})
		require.NoError(b, err)
		p, _ := newPending(&c)
		delete(h.tracker.memory.pending, p.key())
	}
}
