// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRun(t *testing.T) {
	var r run
	r.put(7, 10)
	r.put(8, 20)
	r.put(10, 40)
	assert.Equal(t, []uint32{10, 20, 0, 40}, r.sizes)
	assert.True(t, r.has(8))
	assert.False(t, r.has(9))
	assert.Equal(t, []uint64{7, 8}, r.ahead(7, 1000, 99), "up to the hole")
	assert.Equal(t, []uint64{7}, r.ahead(7, 29, 99), "up to the limit of bytes")
	assert.Equal(t, []uint64{7}, r.ahead(7, 1000, 1), "up to the limit of items")
	assert.Equal(t, []uint64{3}, r.ahead(3, 1000, 99), "an item that the run does not know")

	r.read(8)
	assert.Equal(t, run{first: 9, sizes: []uint32{0, 40}}, r)
	r.read(3)
	r.put(3, 10)
	r.put(9+maxGap+2, 10)
	assert.Equal(t, run{first: 9, sizes: []uint32{0, 40}}, r, "neither too old nor too far ahead")
	r.read(99)
	assert.Empty(t, r.sizes)
	r.put(1<<40, 0)
	assert.Equal(t, run{first: 1 << 40, sizes: []uint32{1}}, r)
}

func TestWindow(t *testing.T) {
	w := window{limit: 10, first: 5}
	w.put(6, []byte("x"))
	assert.Empty(t, w.values, "not the next one")
	w.put(5, []byte("five"))
	w.put(6, []byte("sixsix"))
	w.put(7, []byte("7"))
	assert.EqualValues(t, 10, w.bytes)
	assert.EqualValues(t, 7, w.end(), "full")

	w.drop(6)
	w.drop(99)
	assert.EqualValues(t, 4, w.bytes)
	assert.Nil(t, w.take(6), "dropped")
	assert.Zero(t, w.bytes)
	assert.Nil(t, w.take(5), "read before")

	w.follow(9)
	w.put(9, []byte("nine"))
	assert.Equal(t, []byte("nine"), w.take(9))
	assert.EqualValues(t, 10, w.end())
}
