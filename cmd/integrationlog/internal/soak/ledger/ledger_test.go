// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLedger(t *testing.T) {
	first, second := Activity{Key: Key{"zis", "a"}, Number: 1}, Activity{Key: Key{"shopify", "a"}}
	l := New()
	l.Sent(first, second)
	l.Acknowledged(time.Second, first)
	assert.Len(t, l.Phase(), 1)
	assert.Equal(t, 1, l.NextPhase())
	assert.Empty(t, l.Phase())

	l.Sent(first) // again
	l.Acknowledged(time.Hour, first)
	l.Acknowledged(2*time.Second, second, Activity{Key: Key{"zis", "never sent"}})
	require.Len(t, l.Phase(), 1)
	latest, found := l.Latest(func(e Entry) bool { return e.Product == "shopify" })
	require.True(t, found)
	assert.Equal(t, 2*time.Second, latest.Took)
	_, found = l.Latest(func(e Entry) bool { return e.Product == "zis" })
	assert.False(t, found)

	l.Risk([]Key{first.Key, {"zis", "never sent"}})
	require.Len(t, l.All(), 2)
	for _, e := range l.All() {
		assert.Zero(t, e.Phase, "that in which it was sent first")
		assert.Equal(t, e.Key == first.Key, e.AtRisk)
		assert.False(t, e.Acknowledged.IsZero())
	}
	e, found := l.Find(first.Key)
	assert.True(t, found)
	assert.Equal(t, time.Second, e.Took)
	_, found = l.Find(Key{"zis", "never sent"})
	assert.False(t, found)
}
