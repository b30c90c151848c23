// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is sealed is returned, whatever it is, and what was changed behind it never is.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(nil), uint16(0), byte(1))
	f.Add([]byte("a stored value"), uint16(3), byte(0x80))
	f.Add(Seal([]byte("sealed before")), uint16(20), byte(1))
	f.Fuzz(func(t *testing.T, stored []byte, at uint16, change byte) {
		payload, err := Open(stored) // as it was found
		if err == nil && IsSealed(stored) {
			assert.Equal(t, stored, Seal(payload))
		}
		sealed := Seal(stored)
		payload, err = Open(sealed)
		require.NoError(t, err)
		assert.Equal(t, string(stored), string(payload))
		if change == 0 || int(at) >= len(stored) {
			return
		}
		sealed[at] ^= change
		_, err = Open(sealed)
		require.ErrorIs(t, err, ErrDamaged)
	})
}
