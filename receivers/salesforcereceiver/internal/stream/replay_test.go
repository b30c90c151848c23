// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

func TestReplayLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.settings.Latest = true
		stop := f.start()
		f.stream().keepsAlive("old", 100)
		wait(0)
		since := f.position().CompleteUntil
		stop()
		wait(80 * time.Hour)

		stop = f.start()
		require.Equal(t, []byte("old"), f.first().GetReplayId())
		f.refuse = []error{errors.New("full")}
		f.stream().failure <- lost
		wait(time.Second / 10)
		require.Equal(t, []byte("old"), f.position().ReplayID, "the log is to know it first")
		wait(time.Minute)
		require.Equal(t, []string{"lost old"}, f.taken())
		require.Equal(t, 1, f.logs.FilterMessage("lost since "+since.Format(time.RFC3339)).Len())
		require.Equal(t, pubsubapi.ReplayPreset_EARLIEST, f.first().GetReplayPreset(), "although the first start was to be with the latest")
		require.Empty(t, f.first().GetReplayId())
		stop()
		stop = f.start()
		require.Equal(t, pubsubapi.ReplayPreset_EARLIEST, f.first().GetReplayPreset(), "after a restart too")

		// All is read again, but not all the time.
		f.stream().brings(1, 1)
		wait(0)
		f.stream().failure <- lost
		wait(time.Minute)
		tries := f.count(&f.tries)
		f.stream().brings(1, 1)
		wait(0)
		f.stream().failure <- lost
		wait(fallbackPause - 3*time.Minute)
		require.Equal(t, tries, f.count(&f.tries))
		wait(4 * time.Minute)
		require.Equal(t, tries+1, f.count(&f.tries))
		stop()
	})
}

// Without a replay id there is nothing to fall back from.
func TestReplayLostFromTheBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.subscribes = []error{lost, lost, lost}
		stop := f.start()
		wait(time.Minute)
		require.Empty(t, f.taken())
		require.Equal(t, 1, f.opened())
		stop()
	})
}
