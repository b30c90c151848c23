// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/recent"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/translate"
)

// delivered is an activity as far as a repetition is known by it.
type delivered struct {
	id string
	at time.Time
}

// dieAfterDelivery makes the process end, as it were, once the pipeline took something: no
// position is saved from then on. The function that it returns begins the next process.
func (f *fixture) dieAfterDelivery() (taken *[]delivered, revive func()) {
	taken = &[]delivered{}
	inner := f.settings.Deliver
	f.settings.Deliver = func(ctx context.Context, activities []activity.Activity) error {
		err := inner(ctx, activities)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.saveErr = errors.New("killed")
		for i := range activities {
			*taken = append(*taken, delivered{activities[i].ID, activities[i].Time})
		}
		return err
	}
	return taken, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.saveErr = nil
	}
}

// TestReplayLostIsRepeated: what is told about a lost replay id is the same after a restart.
func TestReplayLostIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		stop := f.start()
		f.stream().brings(1, 1)
		wait(time.Second)
		stop()
		lives := f.settings.Deliver
		taken, revive := f.dieAfterDelivery()
		for range 3 {
			revive()
			f.mu.Lock()
			f.subscribes = []error{lost}
			f.mu.Unlock()
			stop = f.start()
			wait(time.Second / 10)
			stop()
			wait(3 * time.Second)
		}
		require.Len(t, *taken, 3)
		require.Equal(t, "lost r1", (*taken)[0].id)
		require.Equal(t, (*taken)[0], (*taken)[1])
		require.Equal(t, (*taken)[0], (*taken)[2])

		// Another time it is another one.
		revive()
		f.settings.Deliver = lives
		stop = f.start()
		f.stream().brings(2, 2)
		wait(time.Second)
		stop()
		require.Zero(t, f.position().LostAt)
	})
}

// TestLostIsSavedFirst: as long as it cannot be kept when it was, the log is not told.
func TestLostIsSavedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		stop := f.start()
		f.stream().brings(1, 1)
		wait(time.Second)
		f.mu.Lock()
		f.saveErr = errors.New("the disk is full")
		f.mu.Unlock()
		f.stream().failure <- lost
		wait(time.Minute)
		require.Equal(t, numbers(1, 1), f.taken())
		require.ErrorIs(t, f.last().Err, f.saveErr)
		f.mu.Lock()
		f.saveErr = nil
		f.mu.Unlock()
		wait(2 * time.Minute)
		require.Equal(t, []string{"1", "lost r1"}, f.taken())
		stop()
	})
}

// withoutTime translates events to activities without a time, and leaves that of others.
func withoutTime(undated ...string) func(context.Context, *pubsubapi.ConsumerEvent, time.Time) (translate.Result, error) {
	return func(_ context.Context, event *pubsubapi.ConsumerEvent, received time.Time) (translate.Result, error) {
		id := event.GetEvent().GetId()
		if slices.Contains(undated, id) {
			return translate.Result{Activities: []activity.Activity{{ID: id}}}, nil
		}
		return translate.Result{Activities: []activity.Activity{{ID: id, Time: received.Add(-time.Second)}}}, nil
	}
}

// TestUndatedIsRepeated: an event that does not tell its time has the same when it comes
// again, with others or not.
func TestUndatedIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.settings.Translate = withoutTime("2", "3")
		taken, revive := f.dieAfterDelivery()
		stop := f.start()
		first := time.Now().UTC()
		f.stream().brings(1, 3)
		wait(time.Second)
		stop()
		require.Len(t, *taken, 3)
		require.Equal(t, delivered{"2", first}, (*taken)[1])
		require.Equal(t, delivered{"3", first}, (*taken)[2])

		wait(time.Minute)
		revive()
		stop = f.start()
		require.Empty(t, f.first().GetReplayId())
		f.stream().brings(1, 2)
		wait(time.Second)
		revive()
		f.stream().brings(3, 3)
		wait(time.Second)
		stop()
		require.Len(t, *taken, 6)
		require.Equal(t, (*taken)[1:3], (*taken)[4:])

		// Everything from the beginning, once more.
		wait(time.Hour)
		revive()
		stop = f.start()
		f.stream().brings(2, 3)
		wait(time.Second)
		stop()
		require.Equal(t, (*taken)[1:3], (*taken)[6:])
	})
}

// TestUndatedIsSavedFirst: what has no time is not handed over with one that a restart
// would not know.
func TestUndatedIsSavedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.settings.Translate = withoutTime("2")
		stop := f.start()
		f.mu.Lock()
		f.saveErr = errors.New("the disk is full")
		f.mu.Unlock()
		f.stream().brings(1, 1)
		f.stream().brings(2, 2)
		wait(time.Minute)
		require.Equal(t, numbers(1, 1), f.taken())
		f.mu.Lock()
		f.saveErr = nil
		f.mu.Unlock()
		wait(2 * time.Minute)
		require.Equal(t, numbers(1, 2), f.taken())
		stop()
	})
}

func TestUndatedIsBounded(t *testing.T) {
	var p position
	begin := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for i := range maxUndated + 5 {
		one := []activity.Activity{{ID: strconv.Itoa(i)}}
		require.True(t, p.date(one, []byte(strconv.Itoa(i)), begin.Add(time.Duration(i)*time.Second)))
		require.False(t, p.date(one, []byte(strconv.Itoa(i)), begin.Add(time.Hour)))
	}
	require.Len(t, p.Undated, maxUndated)
	require.NotContains(t, p.Undated, "30", "the first one")
	require.True(t, p.date([]activity.Activity{{}}, []byte("later"), begin.Add(30*24*time.Hour)))
	require.Len(t, p.Undated, 1)
}

// TestPanicInThePipeline costs nothing: what was claimed comes again, and is handed over.
func TestPanicInThePipeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		set, err := recent.New(1000)
		require.NoError(t, err)
		f.settings.Recent = set
		inner := f.settings.Deliver
		panicked := false
		f.settings.Deliver = func(ctx context.Context, activities []activity.Activity) error {
			if !panicked {
				panicked = true
				panic("a processor has a fault")
			}
			return inner(ctx, activities)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		run := func() {
			defer func() { _ = recover() }()
			_ = New(f.settings).Run(ctx)
		}
		go func() {
			defer close(done)
			run()
			run()
		}()
		synctest.Wait()
		f.stream().brings(1, 3)
		wait(time.Minute)
		require.Empty(t, f.taken())
		require.Equal(t, 2, f.opened())
		f.stream().brings(1, 3)
		f.stream().brings(2, 4)
		wait(time.Minute)
		cancel()
		<-done
		require.Equal(t, numbers(1, 4), f.taken())
	})
}

// TestShutdownReleases: what was not handed over is not known.
func TestShutdownReleases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		set, err := recent.New(1000)
		require.NoError(t, err)
		f.settings.Recent = set
		f.refuse = []error{errors.New("full")}
		stop := f.start()
		f.stream().brings(1, 2)
		synctest.Wait()
		stop()
		stop = f.start()
		f.stream().brings(1, 2)
		wait(time.Second)
		stop()
		require.Equal(t, numbers(1, 2), f.taken())
	})
}

// TestTimeInTheFuture: a change that is dated wrongly does not make the log complete until
// then.
func TestTimeInTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.settings.Translate = func(_ context.Context, event *pubsubapi.ConsumerEvent, received time.Time) (translate.Result, error) {
			at := received.Add(1000 * time.Hour)
			return translate.Result{Activities: []activity.Activity{{ID: event.GetEvent().GetId(), Time: at}}, CommitTime: at}, nil
		}
		stop := f.start()
		now := time.Now().UTC()
		f.stream().brings(1, 2)
		wait(time.Second)
		stop()
		require.Equal(t, now, f.position().CompleteUntil)
	})
}
