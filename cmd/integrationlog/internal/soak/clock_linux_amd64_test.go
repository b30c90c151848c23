// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
)

// clocks are faults of the clock by which the program goes. Senders and vendors keep theirs.
var clocks = []fault{{name: "the program's clock jumps an hour ahead, then four minutes back, with kills -9", do: jumpClock}}

// jumpClock moves the program's clock and sets it right again, once while it runs and once by
// a restart, so that what it has noted by the wrong clock is read by the right one.
func jumpClock(t *testing.T, s *station) {
	t.Helper()
	for _, by := range []time.Duration{time.Hour, -4 * time.Minute} {
		pause(t, time.Second)
		clock, err := faults.TakeClock(s.process.Load().PID())
		require.NoError(t, err)
		require.NoError(t, clock.Move(by))
		require.InDelta(t, by, s.ahead(t), float64(10*time.Second))
		s.awaitPoll(t)
		require.NoError(t, clock.Move(0))
		s.moment(t, time.Second)
		require.NoError(t, clock.Move(by))
		s.moment(t, time.Second)
		require.NoError(t, clock.Close())
		s.kill()
		s.run(t)
	}
}

// ahead is by how much the program's clock differs from the machine's, as it tells with its answers.
func (s *station) ahead(t *testing.T) time.Duration {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.all.Shop.URL, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	at, err := http.ParseTime(response.Header.Get("Date"))
	require.NoError(t, err)
	return time.Until(at)
}

// awaitPoll waits until Zendesk is asked for invocations.
func (s *station) awaitPoll(t *testing.T) {
	t.Helper()
	s.vendors.Zendesk.ForgetRequests()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if len(s.vendors.Zendesk.Requests("/invocations")) == 0 {
			return errors.New("nobody has asked")
		}
		return nil
	})
}
