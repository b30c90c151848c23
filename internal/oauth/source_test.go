// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

// script is a source whose answers are given.
func script(answer func(n int) (Token, error)) (*Source, *atomic.Int64) {
	var calls atomic.Int64
	return newSource(func(ctx context.Context) (Token, error) {
		n := int(calls.Add(1))
		if ctx.Err() != nil {
			return Token{}, ctx.Err()
		}
		return answer(n)
	}), &calls
}

func numbered(lifetime time.Duration) func(int) (Token, error) {
	return func(n int) (Token, error) {
		return NewBearer(configopaque.String(fmt.Sprint("T-", n)), time.Now().Add(lifetime), nil), nil
	}
}

func TestRenewedBeforeItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, calls := script(numbered(30 * time.Minute))
		for range 3 {
			token, err := source.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "T-1", token.Bearer())
		}
		time.Sleep(29*time.Minute - time.Second)
		token, err := source.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "T-1", token.Bearer())
		time.Sleep(time.Second)
		token, err = source.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "T-2", token.Bearer())
		assert.EqualValues(t, 2, calls.Load())
	})
}

// A token of a few seconds must not be fetched for each request.
func TestShortLifetime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, calls := script(numbered(10 * time.Second))
		for range 2 {
			_, err := source.Token(t.Context())
			require.NoError(t, err)
		}
		assert.EqualValues(t, 1, calls.Load())
	})
}

func TestValidTokenOutlivesAFailedRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, calls := script(func(n int) (Token, error) {
			if n == 1 {
				return numbered(30 * time.Minute)(n)
			}
			return Token{}, errors.New("no connection")
		})
		_, err := source.Token(t.Context())
		require.NoError(t, err)
		time.Sleep(29*time.Minute + time.Second)
		for range 3 {
			token, err := source.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "T-1", token.Bearer())
		}
		assert.EqualValues(t, 2, calls.Load(), "not tried each time")
		time.Sleep(time.Minute)
		_, err = source.Token(t.Context())
		require.ErrorContains(t, err, "no connection")
	})
}

func TestInvalidate(t *testing.T) {
	source, calls := script(numbered(time.Hour))
	first, err := source.Token(t.Context())
	require.NoError(t, err)
	source.Invalidate(first)
	second, err := source.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "T-2", second.Bearer())
	source.Invalidate(first) // somebody who comes late
	third, err := source.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "T-2", third.Bearer())
	assert.EqualValues(t, 2, calls.Load())
}

func TestOneFetchForAll(t *testing.T) {
	for name, outcome := range map[string]error{"token": nil, "error": errors.New("no connection")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source, calls := script(func(n int) (Token, error) {
					time.Sleep(time.Second)
					token, _ := numbered(time.Hour)(n)
					return token, outcome
				})
				var all sync.WaitGroup
				for range 50 {
					all.Go(func() {
						_, err := source.Token(t.Context())
						assert.Equal(t, outcome, err)
					})
				}
				all.Wait()
				assert.EqualValues(t, 1, calls.Load())
			})
		})
	}
}

// Who goes away while it fetches does not take those along who wait.
func TestWaitersOutliveTheOneWhoFetches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(func(ctx context.Context) (Token, error) {
			select {
			case <-ctx.Done():
				return Token{}, ctx.Err()
			case <-time.After(time.Second):
				return numbered(time.Hour)(1)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			_, err := source.Token(ctx)
			assert.ErrorIs(t, err, context.Canceled)
		})
		synctest.Wait()
		all.Go(func() {
			_, err := source.Token(t.Context())
			assert.NoError(t, err)
		})
		impatient, stop := context.WithTimeout(t.Context(), time.Millisecond)
		defer stop()
		_, err := source.Token(impatient)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		cancel()
		all.Wait()
	})
}

// A wrong secret must not be tried for each request.
func TestRefusalIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cured atomic.Bool
		source, calls := script(func(n int) (Token, error) {
			if cured.Load() {
				return numbered(time.Hour)(n)
			}
			return Token{}, &Error{StatusCode: http.StatusUnauthorized, Code: "invalid_client"}
		})
		start := time.Now()
		for time.Since(start) < 3*time.Hour {
			_, err := source.Token(t.Context())
			var refusal *Error
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, "invalid_client", refusal.Code)
			assert.Positive(t, refusal.Delay())
			assert.Equal(t, "authorization", refusal.Reason())
			time.Sleep(10 * time.Second)
		}
		assert.Less(t, calls.Load(), int64(15))
		cured.Store(true)
		time.Sleep(40 * time.Minute)
		_, err := source.Token(t.Context())
		require.NoError(t, err)
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, calls := script(func(int) (Token, error) {
			return Token{}, &Error{StatusCode: http.StatusTooManyRequests, RetryAfter: time.Minute}
		})
		for range 3 {
			_, err := source.Token(t.Context())
			var refusal *Error
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, "rate_limit", refusal.Reason())
		}
		assert.EqualValues(t, 1, calls.Load())
		time.Sleep(time.Minute)
		_, err := source.Token(t.Context())
		require.Error(t, err)
		assert.EqualValues(t, 2, calls.Load())
	})
}

func TestOutageIsNotRemembered(t *testing.T) {
	source, calls := script(func(int) (Token, error) { return Token{}, &Error{StatusCode: http.StatusBadGateway} })
	for range 2 {
		_, err := source.Token(t.Context())
		var refusal *Error
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, "remote", refusal.Reason())
	}
	assert.EqualValues(t, 2, calls.Load())
}

func TestConcurrentUse(t *testing.T) {
	source, _ := script(numbered(time.Hour))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 50 {
				token, err := source.Token(t.Context())
				if assert.NoError(t, err) {
					source.Invalidate(token)
				}
			}
		})
	}
	all.Wait()
}
