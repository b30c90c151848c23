// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestNothingEverComes: Salesforce accepts the subscription of who may see nothing.
func TestNothingEverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.settings.NothingAfter = 0
		stop := f.start()
		for range 23 * 60 {
			f.stream().keepsAlive("k", 100)
			wait(time.Minute)
		}
		stop()
		stop = f.start()
		f.stream().keepsAlive("k", 100)
		wait(time.Second)
		require.Empty(t, f.last().Notice)
		for range 2 * 60 {
			f.stream().keepsAlive("k", 100)
			wait(time.Minute)
		}
		require.Contains(t, f.last().Notice, "No event has ever come by "+topic)
		require.Equal(t, 1, f.logs.FilterMessageSnippet("No event has ever come").Len(), "a restart does not begin anew, and it is told once")
		f.stream().failure <- transient
		wait(time.Minute)
		require.Equal(t, 1, f.logs.FilterMessageSnippet("No event has ever come").Len())
		f.stream().brings(1, 1)
		wait(0)
		stop()

		stop = f.start()
		wait(time.Minute)
		require.Equal(t, 1, f.logs.FilterMessageSnippet("No event has ever come").Len(), "one has come")
		stop()
	})
	require.Contains(t, nothingNotice("/data/Zendesk__chn", time.Time{}), "View All Records")
	require.Contains(t, nothingNotice("/data/ChangeEvents", time.Time{}), "View All Records")
	require.NotContains(t, nothingNotice(topic, time.Time{}), "View All Records")
}
