// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pace

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// answering sends what is answered after this time.
func answering(after func(n int) time.Duration) func() (Send, error) {
	return func() (Send, error) {
		return func(n int, _ time.Time) error {
			time.Sleep(after(n))
			return nil
		}, nil
	}
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := Load{Rate: 100, For: 10 * time.Second, Connections: 10}
		result, err := Run(t.Context(), load, answering(func(int) time.Duration { return 20 * time.Millisecond }))
		require.NoError(t, err)
		assert.Equal(t, 1000, result.Accepted)
		assert.Equal(t, 10*time.Second+10*time.Millisecond, result.Took)
		assert.InDelta(t, 20*time.Millisecond, result.At(99), float64(100*time.Microsecond))
	})
}

// What has to wait because those before it are slow is slow itself.
func TestOneStallIsSeenByAllThatWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := Load{Rate: 100, For: 10 * time.Second, Connections: 1}
		result, err := Run(t.Context(), load, answering(func(n int) time.Duration {
			if n == 500 {
				return time.Second
			}
			return time.Millisecond
		}))
		require.NoError(t, err)
		assert.Equal(t, 1000, result.Accepted)
		assert.Less(t, result.At(85), 2*time.Millisecond)
		assert.Greater(t, result.At(95), 400*time.Millisecond)
		assert.False(t, result.GivenUp)
	})
}

func TestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := Load{Rate: 100, For: time.Hour, Connections: 1}
		result, err := Run(t.Context(), load, answering(func(int) time.Duration { return time.Second }))
		require.NoError(t, err)
		assert.True(t, result.GivenUp)
		assert.Less(t, result.Took, 5*time.Second)
	})
}

// What cannot become prompt any more is given up.
func TestGivesUpWhatIsNotPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := Load{Rate: 100, For: 10 * time.Second, Connections: 10, Promptly: 20 * time.Millisecond}
		result, err := Run(t.Context(), load, answering(func(n int) time.Duration {
			if n >= 300 {
				return 30 * time.Millisecond
			}
			return 10 * time.Millisecond
		}))
		require.NoError(t, err)
		assert.True(t, result.GivenUp)
		assert.InDelta(t, 310, result.Accepted, 10)
	})
}

func TestErrors(t *testing.T) {
	load := Load{Rate: 1000, For: 20 * time.Millisecond, Connections: 2}
	refused := errors.New("refused")
	result, err := Run(t.Context(), load, func() (Send, error) {
		return func(n int, _ time.Time) error {
			if n%2 == 0 {
				return refused
			}
			return nil
		}, nil
	})
	require.NoError(t, err)
	assert.Equal(t, 10, result.Accepted)
	assert.Equal(t, 10, result.Failed)
	require.ErrorIs(t, result.Error, refused)

	_, err = Run(t.Context(), load, func() (Send, error) { return nil, refused })
	require.ErrorIs(t, err, refused)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	result, err = Run(ctx, load, answering(func(int) time.Duration { return 0 }))
	require.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, result.Accepted)
}

func TestHighest(t *testing.T) {
	for _, limit := range []float64{100, 777, 5000} {
		tries := 0
		found := Highest(100, func(rate float64) bool {
			tries++
			return rate <= limit
		})
		assert.LessOrEqual(t, found, limit)
		assert.Greater(t, found, limit*0.93)
		assert.Less(t, tries, 20)
	}
	assert.Zero(t, Highest(100, func(float64) bool { return false }))
	first := true
	found := Highest(100, func(rate float64) bool {
		if first {
			first = false
			return false
		}
		return rate <= 100
	})
	assert.InDelta(t, 100, found, 0.1, "one failure tells nothing")
}
