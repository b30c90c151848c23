// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
)

func TestOnePushAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		intercept := onePushAtATime()
		handler := func(ctx context.Context, _ any) (any, error) {
			time.Sleep(time.Second)
			return "done", ctx.Err()
		}
		call := func(ctx context.Context, method string) <-chan error {
			done := make(chan error, 1)
			go func() {
				answer, err := intercept(ctx, nil, &grpc.UnaryServerInfo{FullMethod: method}, handler)
				if err == nil && answer != "done" {
					err = errors.New("the answer is another")
				}
				done <- err
			}()
			return done
		}

		began := time.Now()
		first, second := call(t.Context(), pushMethod), call(t.Context(), pushMethod)
		require.NoError(t, <-first)
		require.NoError(t, <-second)
		assert.Equal(t, 2*time.Second, time.Since(began), "pushes wait for one another")

		began = time.Now()
		push, query := call(t.Context(), pushMethod), call(t.Context(), "/logproto.Querier/Query")
		require.NoError(t, <-push)
		require.NoError(t, <-query)
		assert.Equal(t, time.Second, time.Since(began), "nothing else does")

		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		push = call(t.Context(), pushMethod)
		synctest.Wait()
		require.ErrorIs(t, <-call(ctx, pushMethod), context.DeadlineExceeded)
		require.NoError(t, <-push)
	})
}
