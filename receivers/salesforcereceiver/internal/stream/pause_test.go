// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
)

// TestPauses: what passes is tried again soon, what a person has to cure is not hammered at.
func TestPauses(t *testing.T) {
	tests := map[string]struct {
		failure *pubsub.Error
		// in the first minute, and in the first 3 hours
		soon, atMost, inThreeHours int
	}{
		"transient": {transient, 5, 9, 400},
		"login":     {login, 3, 5, 20},
		"throttled": {throttled, 1, 1, 12},
		"refused":   {refused, 1, 1, 12},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t)
				for range 1000 {
					f.subscribes = append(f.subscribes, test.failure)
				}
				stop := f.start()
				wait(time.Minute)
				require.GreaterOrEqual(t, f.count(&f.tries), test.soon)
				require.LessOrEqual(t, f.count(&f.tries), test.atMost)
				require.ErrorIs(t, f.last().Err, test.failure)
				wait(3*time.Hour - time.Minute)
				require.LessOrEqual(t, f.count(&f.tries), test.inThreeHours)
				require.Equal(t, 1, f.logs.FilterMessage("A topic cannot be read at the moment").Len(), "once per outage")

				f.mu.Lock()
				f.subscribes = nil
				f.mu.Unlock()
				for range 60 {
					wait(time.Minute)
					if f.opened() > 0 {
						f.stream().keepsAlive("k", 100)
					}
				}
				require.NoError(t, f.last().Err)
				require.Equal(t, 1, f.logs.FilterMessage("A topic can be read again").Len())
				stop()
			})
		})
	}
}

type waitError struct{ error }

func (waitError) Delay() time.Duration { return 10 * time.Minute }

func TestWaitsAsLongAsIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.subscribes = []error{waitError{errors.New("no token")}}
		stop := f.start()
		wait(9 * time.Minute)
		require.Equal(t, 1, f.count(&f.tries))
		wait(2*time.Minute + time.Second)
		require.Equal(t, 2, f.count(&f.tries))
		stop()
	})
}
