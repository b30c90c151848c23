// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
)

// Each segment that may have changed is written through, also where a push ends in another
// one than it began in.
func TestSync(t *testing.T) {
	directory := t.TempDir()
	log, err := wlog.New(nil, nil, directory, compression.None)
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	var synced []string
	synchronised := newSyncedLog(directory)
	synchronised.file = func(name string) error {
		synced = append(synced, filepath.Base(name))
		return syncFile(name)
	}
	sync := func() []string {
		synced = nil
		require.NoError(t, synchronised.sync())
		return synced
	}
	assert.Equal(t, []string{"00000000"}, sync())
	_, err = log.NextSegment()
	require.NoError(t, err)
	assert.Equal(t, []string{"00000000", "00000001"}, sync())
	assert.Equal(t, []string{"00000001"}, sync())
	for range 3 {
		_, err = log.NextSegment()
		require.NoError(t, err)
	}
	require.NoError(t, log.Truncate(3))
	assert.Equal(t, []string{"00000001", "00000002", "00000003", "00000004"}, sync(), "some of them are gone")

	full := errors.New("the disk is broken")
	synchronised.file = func(string) error { return full }
	require.ErrorIs(t, synchronised.sync(), full)
	require.ErrorIs(t, newSyncedLog(filepath.Join(directory, "nowhere")).sync(), fs.ErrNotExist)
}

func TestAPushWaitsForTheDisk(t *testing.T) {
	call := func(directory, method string, refusal error) error {
		_, err := syncPushes(directory)(t.Context(), nil, &grpc.UnaryServerInfo{FullMethod: method}, func(context.Context, any) (any, error) {
			return "done", refusal
		})
		return err
	}
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	require.ErrorContains(t, call(nowhere, pushMethod, nil), "cannot be written through")
	require.NoError(t, call(nowhere, "/logproto.Querier/Query", nil))
	refusal := errors.New("refused")
	require.ErrorIs(t, call(nowhere, pushMethod, refusal), refusal)
	require.NoError(t, call(t.TempDir(), pushMethod, nil))
}
