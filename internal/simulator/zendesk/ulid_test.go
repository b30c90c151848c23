// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The first ten characters are the time: the example is that of https://github.com/ulid/spec.
func TestULID(t *testing.T) {
	at := time.UnixMilli(1469918176385)
	assert.Equal(t, "01ARYZ6S41"+"0000000000000000", ULID(at, [10]byte{}))
	assert.Equal(t, "01ARYZ6S41"+"ZZZZZZZZZZZZZZZZ", ULID(at, [10]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255}))
	one, other := NewULID(at), NewULID(at)
	assert.NotEqual(t, one, other)
	assert.Equal(t, "01ARYZ6S41", one[:10])
}
