// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestUnreadable(t *testing.T) {
	r := rules(t, nil)
	a := r.Unreadable(delivery(), errors.New("the payload does not fit its schema"))
	require.Equal(t, org+"/unreadable/4a6b", a.ID)
	require.Equal(t, Subscription, a.Type)
	require.Equal(t, activity.Warning, a.Status)
	require.Equal(t, "An event of /data/ChangeEvents cannot be read, so it is not known what changed: the payload does not fit its schema", a.Description)
	require.Equal(t, received, a.Observed)

	d := delivery()
	d.EventID, d.Topic = "", "/data/LeadChangeEvent"
	a = r.Unreadable(d, errors.New(strings.Repeat("x", 4096)))
	require.Equal(t, org+"/unreadable/0001ab", a.ID)
	require.Equal(t, "lead_sync", a.Type)
	require.Len(t, a.Error.Message, maxReason)
}

func TestReplayLost(t *testing.T) {
	r := rules(t, nil)
	const begins = "Salesforce cannot go on after the last event of /data/CaseChangeEvent that was read; " +
		"what it still has, of the last 72 hours, is read from its beginning; "
	for want, since := range map[string]time.Time{
		"what happened before 2026-11-22T10:00:01Z may be missing in this log":                           {},
		"what happened between 2026-11-20T10:00:01Z and 2026-11-22T10:00:01Z may be missing in this log": at.Add(-5 * 24 * time.Hour),
		"the log is complete until 2026-11-25T09:00:01Z, so nothing should be missing":                   at.Add(-time.Hour),
	} {
		a := r.ReplayLost(Gap{Topic: "/data/CaseChangeEvent", ReplayID: []byte{0xAB, 1}, Since: since, Detected: at})
		require.Equal(t, begins+want, a.Description)
		require.Equal(t, activity.Warning, a.Status)
		require.Equal(t, "ticket_sync", a.Type)
		require.Equal(t, org+"/replay_lost//data/CaseChangeEvent/ab01", a.ID)
		require.Equal(t, at, a.Time)
	}
}
