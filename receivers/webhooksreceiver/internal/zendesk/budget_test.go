// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func announced(limit, remaining int) http.Header {
	return http.Header{"X-Rate-Limit": {strconv.Itoa(limit)}, "X-Rate-Limit-Remaining": {strconv.Itoa(remaining)}}
}

func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b budget
		passes := func(want time.Duration) {
			t.Helper()
			start := time.Now()
			require.NoError(t, b.wait(t.Context(), start))
			assert.Equal(t, want, time.Since(start))
		}
		assert.True(t, b.spare(time.Now()), "nothing is known")
		passes(0)

		b.observe(announced(100, 99), time.Now())
		time.Sleep(20 * time.Second)
		b.observe(announced(100, 51), time.Now())
		assert.True(t, b.spare(time.Now()))
		b.observe(announced(100, 50), time.Now())
		assert.False(t, b.spare(time.Now()), "half is left to the lists")
		passes(0)
		b.observe(announced(100, 10), time.Now())
		passes(40 * time.Second)
		assert.True(t, b.spare(time.Now()), "a new window has begun")

		b.observe(announced(100, 98), time.Now())
		b.observe(announced(100, 0), time.Now())
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, b.wait(ctx, time.Now()), context.DeadlineExceeded)

		b.observe(announced(100, 99), time.Now())
		passes(0)
	})
}

func TestBudgetIgnoresOddHeaders(t *testing.T) {
	var b budget
	for _, header := range []http.Header{nil, announced(0, 0), announced(-1, 5), announced(100, -1), {"X-Rate-Limit": {"x"}}, {"X-Rate-Limit": {"100"}}} {
		b.observe(header, time.Now())
		assert.True(t, b.spare(time.Now()))
		require.NoError(t, b.wait(t.Context(), time.Now()))
	}
}

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b budget
		b.pause(time.Now().Add(time.Minute))
		b.pause(time.Now().Add(time.Second)) // which does not shorten it
		assert.False(t, b.spare(time.Now()))
		var paused *PausedError
		require.ErrorAs(t, b.wait(t.Context(), time.Now()), &paused)
		assert.Equal(t, time.Minute, paused.Delay())
		assert.Equal(t, "rate_limit", paused.Reason())
		assert.Equal(t, "Zendesk asked for a pause; it lasts another 1m0s", paused.Error())
		time.Sleep(time.Minute)
		require.NoError(t, b.wait(t.Context(), time.Now()))
	})
}
