// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/grafana/dskit/httpgrpc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/grpc"
)

func TestRoomGuard(t *testing.T) {
	core, logs := observer.New(zapcore.InfoLevel)
	var free uint64
	var err error
	guard := &roomGuard{directory: "wal", logger: zap.New(core), free: func(_ context.Context, directory string) (uint64, error) {
		assert.Equal(t, "wal", directory)
		return free, err
	}}

	free = reservedRoom
	assert.True(t, guard.hasRoom(t.Context()))
	free = reservedRoom - 1
	assert.False(t, guard.hasRoom(t.Context()))
	assert.False(t, guard.hasRoom(t.Context()))
	require.Equal(t, 1, logs.Len(), "said once")
	err = errors.New("no such directory")
	assert.True(t, guard.hasRoom(t.Context()), "what cannot be found out stops nobody")
	assert.Equal(t, 2, logs.Len(), "and its end once")
}

func TestNoPushWithoutRoom(t *testing.T) {
	intercept := noPushWithoutRoom(t.TempDir(), zap.NewNop())
	calls := 0
	handler := func(context.Context, any) (any, error) { calls++; return nil, nil }
	_, err := intercept(t.Context(), nil, &grpc.UnaryServerInfo{FullMethod: pushMethod}, handler)
	require.NoError(t, err)
	assert.Equal(t, 1, calls)
}

func TestRefusalIsTransient(t *testing.T) {
	response, ok := httpgrpc.HTTPResponseFromError(errDiskFull())
	require.True(t, ok)
	assert.Equal(t, int32(http.StatusServiceUnavailable), response.GetCode())
}
