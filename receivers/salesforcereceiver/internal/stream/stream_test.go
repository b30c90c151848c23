// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
)

var (
	transient = &pubsub.Error{Kind: pubsub.Transient, Code: "service.unavailable"}
	login     = &pubsub.Error{Kind: pubsub.Authentication, Code: "service.auth.error"}
	refused   = &pubsub.Error{Kind: pubsub.Refused, Code: "subscription.topic.cannot.subscribe"}
	throttled = &pubsub.Error{Kind: pubsub.Throttled, Code: "subscription.limit.exceeded"}
	lost      = &pubsub.Error{Kind: pubsub.ReplayLost, Code: "subscription.fetch.replayid.corrupted"}
)

func TestFirstStart(t *testing.T) {
	for latest, preset := range map[bool]pubsubapi.ReplayPreset{false: pubsubapi.ReplayPreset_EARLIEST, true: pubsubapi.ReplayPreset_LATEST} {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t)
			f.settings.Latest = latest
			stop := f.start()
			first := f.first()
			require.Equal(t, topic, first.GetTopicName())
			require.Equal(t, preset, first.GetReplayPreset())
			require.Empty(t, first.GetReplayId())
			require.Equal(t, int32(100), first.GetNumRequested())
			require.Empty(t, f.reported(), "not before it has not failed for a while")
			wait(settledAfter)
			require.Equal(t, Status{Topic: topic}, f.last())

			// The first sign of life is where to go on: there need not be an event.
			f.stream().keepsAlive("anchor", 100)
			wait(0)
			stop()
			require.Equal(t, []byte("anchor"), f.position().ReplayID)
			stop = f.start()
			require.Equal(t, pubsubapi.ReplayPreset_CUSTOM, f.first().GetReplayPreset())
			require.Equal(t, []byte("anchor"), f.first().GetReplayId())
			stop()
		})
	}
}

// TestPositionAfterDelivery: it moves only when the pipeline took the events.
func TestPositionAfterDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		full := errors.New("the queue is full")
		f.refuse = []error{full, full, full}
		stop := f.start()
		f.stream().brings(1, 3)
		f.stream().keepsAlive("later", 97)
		wait(time.Second / 10)
		require.Empty(t, f.taken())
		require.Empty(t, f.position().ReplayID, "not even the sign of life that came after them")
		require.ErrorIs(t, f.last().Err, full)
		wait(time.Minute)
		require.Equal(t, numbers(1, 3), f.taken(), "once each")
		require.NoError(t, f.last().Err)
		require.Equal(t, []byte("later"), f.position().ReplayID)
		require.Equal(t, 1, f.opened(), "what is at hand need not come again")
		stop()
	})
}

// TestDrainsWhatIsAtHand: a stream that ends while the pipeline takes nothing has brought
// events that need not be delivered again.
func TestDrainsWhatIsAtHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.refuse = []error{errors.New("full"), errors.New("full")}
		stop := f.start()
		s := f.stream()
		s.brings(1, 40)
		s.brings(41, 80)
		s.brings(81, 100)
		s.failure <- transient
		wait(2 * time.Minute)
		require.Equal(t, numbers(1, 100), f.taken())
		require.Equal(t, 2, f.opened())
		require.Equal(t, []byte("r100"), f.first().GetReplayId())
		stop()
	})
}

func TestCredit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		stop := f.start()
		s := f.stream()
		s.brings(1, 30)
		wait(0)
		require.Equal(t, []int32{100}, s.requested())
		s.brings(31, 50)
		wait(0)
		require.Equal(t, []int32{100, 50}, s.requested(), "in time, and never more than 100 on their way")
		s.brings(51, 150)
		wait(0)
		require.Equal(t, []int32{100, 50, 100}, s.requested())
		s.keepsAlive("k", 100)
		wait(0)
		require.Equal(t, []int32{100, 50, 100}, s.requested())
		s.keepsAlive("k", 0)
		wait(0)
		require.Equal(t, []int32{100, 50, 100, 100}, s.requested(), "whoever is told that nothing is on its way asks again")
		stop()
	})
}

// TestSilence: a stream that does not say a word is dead, whatever the connection says.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		stop := f.start()
		first := f.stream()
		wait(100 * time.Second)
		first.keepsAlive("a", 100)
		wait(DefaultSilence - time.Second)
		require.Equal(t, 1, f.opened())
		wait(4 * time.Second)
		require.Equal(t, 2, f.opened())
		require.Error(t, first.ctx.Err(), "nothing is left of the first")
		require.NoError(t, f.last().Err, "that happens")

		wait(DefaultSilence + 4*time.Second)
		require.Equal(t, 3, f.opened())
		require.ErrorIs(t, f.last().Err, errSilent, "twice in a row is a failure, until something comes")
		wait(time.Minute)
		require.ErrorIs(t, f.last().Err, errSilent)
		f.stream().keepsAlive("b", 100)
		wait(0)
		require.NoError(t, f.last().Err)
		stop()
	})
}

// A token's session ends; that is no failure when the next one works.
func TestSessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		stop := f.start()
		for i := range 10 {
			f.stream().brings(i, i)
			wait(2 * time.Hour / 30)
			f.stream().failure <- login
			wait(3 * time.Second)
		}
		require.Equal(t, 11, f.opened())
		for _, s := range f.reported() {
			require.NoError(t, s.Err)
		}
		require.Equal(t, []byte("r9"), f.first().GetReplayId())
		stop()
	})
}

func TestTopicIsChecked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.checks = []error{refused}
		stop := f.start()
		require.ErrorIs(t, f.last().Err, refused)
		require.Zero(t, f.count(&f.tries))
		wait(7 * time.Minute)
		require.Equal(t, 1, f.opened())
		require.Equal(t, 2, f.asked())
		f.stream().failure <- transient
		wait(3 * time.Second)
		require.Equal(t, 2, f.asked(), "it does not change with every stream")
		f.stream().failure <- refused
		wait(30 * time.Minute)
		require.Equal(t, 3, f.asked())
		stop()
	})
}

// A schema that cannot be fetched must not cost an event.
func TestTranslationIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.untranslatable = []error{transient, transient}
		stop := f.start()
		f.stream().brings(1, 2)
		wait(time.Minute)
		require.Equal(t, numbers(1, 2), f.taken())
		require.Equal(t, 1, f.opened())
		stop()
	})
}

// TestStopsWhileThePipelineWorks: what the pipeline took until the end is not read again.
func TestStopsWhileThePipelineWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		ctx, cancel := context.WithCancel(t.Context())
		f.atHand = cancel
		done := make(chan error, 1)
		go func() { done <- New(f.settings).Run(ctx) }()
		synctest.Wait()
		f.stream().brings(1, 2)
		f.stream().brings(3, 4)
		require.NoError(t, <-done)
		require.Equal(t, numbers(1, 2), f.taken())
		require.Equal(t, []byte("r2"), f.position().ReplayID)
	})
}

// TestStopsWhileItWaits: nobody has to wait for a pause.
func TestStopsWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.checks = []error{refused}
		start := time.Now()
		f.start()()
		require.Equal(t, start, time.Now())

		f.refuse = []error{errors.New("full")}
		stop := f.start()
		f.stream().brings(1, 2)
		synctest.Wait()
		stop()
		require.Empty(t, f.taken())
		require.Empty(t, f.position().ReplayID)

		f.untranslatable = []error{transient}
		stop = f.start()
		f.stream().brings(1, 2)
		synctest.Wait()
		stop()
		require.Empty(t, f.taken())
		require.Equal(t, start, time.Now())
	})
}
