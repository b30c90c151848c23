// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package doubt

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSet(t *testing.T) {
	s := NewSet()
	s.Remove([]byte("a"))
	assert.False(t, s.Has([]byte("a")))
	s.Add([]byte("a"))
	s.Add([]byte("a"))
	assert.True(t, s.Has([]byte("a")))
	assert.False(t, s.Has([]byte("b")))
	s.Remove([]byte("a"))
	assert.False(t, s.Has([]byte("a")))
}

func TestWhatCannotBeRememberedMakesEverythingDoubtful(t *testing.T) {
	s := NewSet()
	for i := range maxPushes {
		s.Add([]byte(strconv.Itoa(i)))
	}
	assert.False(t, s.Has([]byte("another")))
	s.Add([]byte("one too many"))
	assert.True(t, s.Has([]byte("another")))
	assert.Len(t, s.pushes, maxPushes)
}
