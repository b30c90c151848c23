// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPositionCannotBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		stop := f.start()
		f.saveErr = errors.New("the disk is full")
		for i := range 3 {
			f.stream().brings(i, i)
			wait(time.Second)
		}
		require.Equal(t, numbers(0, 2), f.taken())
		require.Equal(t, 1, f.logs.FilterMessageSnippet("cannot be saved").Len())
		f.stream().failure <- transient
		wait(3 * time.Second)
		require.Equal(t, []byte("r2"), f.first().GetReplayId(), "it is known in memory")
		stop()
	})
}

func TestPositionCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.stored[PositionKey(topic)] = []byte("{")
		require.Error(t, New(f.settings).Run(t.Context()))
		require.Error(t, f.last().Err)
		require.Zero(t, f.count(&f.tries), "no fresh start")

		f = newFixture(t)
		f.saveErr = errors.New("the disk is full")
		require.ErrorIs(t, New(f.settings).Run(t.Context()), f.saveErr)
	})
}
