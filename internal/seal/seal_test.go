// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSealDetectsEveryChangedByte(t *testing.T) {
	payload := []byte("a stored value")
	sealed := Seal(payload)
	opened, err := Open(sealed)
	require.NoError(t, err)
	assert.Equal(t, payload, opened)

	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 0x10
		opened, err := Open(damaged)
		if i >= len(payload) && i < len(payload)+len(tag) {
			// Without the tag it looks like a value that was never sealed.
			assert.False(t, IsSealed(damaged))
			require.NoError(t, err)
			assert.Equal(t, damaged, opened)
			continue
		}
		assert.True(t, IsSealed(damaged))
		require.ErrorIs(t, err, ErrDamaged, "byte %d", i)
	}
}

func TestOpenTakesValuesWithoutSeal(t *testing.T) {
	for _, stored := range [][]byte{nil, {}, []byte("x"), []byte("written by a plain queue")} {
		opened, err := Open(stored)
		require.NoError(t, err)
		assert.Equal(t, stored, opened)
		assert.False(t, IsSealed(stored))
	}
}

func BenchmarkSealAndOpen(b *testing.B) {
	payload := make([]byte, 64<<10)
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(Seal(payload)); err != nil {
			b.Fatal(err)
		}
	}
}
