// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuemeta

import (
	"encoding/hex"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRoundTrip(t *testing.T) {
	for _, m := range []Metadata{
		{},
		{ItemsSize: 1, BytesSize: 2, ReadIndex: 3, WriteIndex: 4},
		{ItemsSize: -1, BytesSize: math.MaxInt64, ReadIndex: math.MaxUint64, WriteIndex: 1 << 62},
	} {
		got, err := Unmarshal(Marshal(m))
		require.NoError(t, err)
		assert.Equal(t, m, got)
	}
}

// Laid out by hand after meta.proto, with a packed list of two items that consumers
// work on. What a real queue writes is read in the extension's own tests.
func TestUnmarshalSkipsTheDispatchedItems(t *testing.T) {
	written, err := hex.DecodeString("09050000000000000011800200000000000019040000000000000021070000000000000" +
		"02a1002000000000000000300000000000000")
	require.NoError(t, err)
	got, err := Unmarshal(written)
	require.NoError(t, err)
	assert.Equal(t, Metadata{ItemsSize: 5, BytesSize: 640, ReadIndex: 4, WriteIndex: 7}, got)
}

func TestUnmarshalDamaged(t *testing.T) {
	whole := Marshal(Metadata{ItemsSize: 5, BytesSize: 640, ReadIndex: 4, WriteIndex: 7})
	for n := range whole {
		got, err := Unmarshal(whole[:n])
		if n%9 == 0 {
			require.NoError(t, err) // a message may end after any field
			continue
		}
		require.ErrorIs(t, err, errMalformed)
		assert.Zero(t, got)
	}
	for _, text := range []string{"garbage", "\x00", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"} {
		_, err := Unmarshal([]byte(text))
		require.ErrorIs(t, err, errMalformed)
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add(Marshal(Metadata{ItemsSize: 5, BytesSize: 640, ReadIndex: 4, WriteIndex: 7}))
	f.Add([]byte("garbage"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Unmarshal(b)
		if err != nil {
			return
		}
		again, err := Unmarshal(Marshal(m))
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}
