// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

func TestSettleTime(t *testing.T) {
	at := func(fromNoon time.Duration) pcommon.Timestamp {
		return pcommon.NewTimestampFromTime(noon.Add(fromNoon))
	}
	const maxAge, maxAhead = 168 * time.Hour, 5 * time.Minute
	tests := []struct {
		name                string
		timestamp, observed pcommon.Timestamp
		want                pcommon.Timestamp
		changes             change.Set
		tooOld              bool
		source              string
	}{
		{name: "as it is", timestamp: at(-time.Minute), observed: at(0), want: at(-time.Minute)},
		{name: "as old as may be", timestamp: at(-maxAge), observed: at(0), want: at(-maxAge)},
		{name: "too old by a nanosecond", timestamp: at(-maxAge) - 1, observed: at(0), want: at(-maxAge) - 1, tooOld: true},
		{name: "as far ahead as may be", timestamp: at(maxAhead), observed: at(0), want: at(maxAhead)},
		{
			name: "too far ahead by a nanosecond", timestamp: at(maxAhead) + 1, observed: at(-time.Second), want: at(-time.Second),
			changes: change.Of(change.TooFarAhead), source: "2026-11-23T12:05:00.000000001Z",
		},
		{
			name: "too far ahead, arrival unknown", timestamp: at(time.Hour), want: at(0),
			changes: change.Of(change.TooFarAhead), source: "2026-11-23T13:00:00Z",
		},
		{
			name: "too far ahead, and so is the arrival", timestamp: at(time.Hour), observed: at(time.Hour), want: at(0),
			changes: change.Of(change.TooFarAhead), source: "2026-11-23T13:00:00Z",
		},
		{
			name: "too far ahead, arrived long ago", timestamp: at(time.Hour), observed: at(-maxAge - time.Hour), want: at(-maxAge - time.Hour),
			changes: change.Of(change.TooFarAhead), tooOld: true, source: "2026-11-23T13:00:00Z",
		},
		{name: "none", observed: at(-time.Hour), want: at(-time.Hour), changes: change.Of(change.NoTimestamp)},
		{name: "none at all", want: at(0), changes: change.Of(change.NoTimestamp)},
		{name: "none, arrival far ahead", observed: at(time.Hour), want: at(0), changes: change.Of(change.NoTimestamp)},
		{name: "none, arrival no time", observed: math.MaxUint64, want: at(0), changes: change.Of(change.NoTimestamp)},
		{name: "none, arrived long ago", observed: 1, want: 1, changes: change.Of(change.NoTimestamp), tooOld: true},
		{name: "no time", timestamp: lokilimitstest.NotATime, observed: at(-time.Hour), want: at(-time.Hour), changes: change.Of(change.InvalidTimestamp)},
		{name: "1970", timestamp: 1, want: 1, tooOld: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			record := plog.NewLogRecord()
			record.SetTimestamp(tt.timestamp)
			record.SetObservedTimestamp(tt.observed)

			changes, tooOld := settleTime(record, noon, maxAge, maxAhead)

			require.Equal(t, tt.tooOld, tooOld)
			require.Equal(t, tt.want, record.Timestamp())
			require.Zero(t, record.ObservedTimestamp())
			require.Equal(t, tt.changes, changes)
			source, _ := record.Attributes().Get(activity.SourceTimestampKey)
			require.Equal(t, tt.source != "", record.Attributes().Len() == 1)
			if tt.source != "" {
				require.Equal(t, tt.source, source.Str())
			}
		})
	}
}

// A log of a hundred years reaches back behind 1970.
func TestMaxAgeMayReachBehindTheEpoch(t *testing.T) {
	record := plog.NewLogRecord()
	record.SetTimestamp(1)
	_, tooOld := settleTime(record, noon, 100*365*24*time.Hour, 0)
	require.False(t, tooOld)
}
