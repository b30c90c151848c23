// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
)

// settleTime gives the record a timestamp that Loki takes and tells whether it lies
// outside the log. It clears ObservedTimestamp: Loki would keep it as metadata, and a
// redelivery, which is observed at another time, would become a second entry.
func settleTime(record plog.LogRecord, now time.Time, maxAge, maxAhead time.Duration) (changes change.Set, tooOld bool) {
	newest := pcommon.NewTimestampFromTime(now.Add(maxAhead))
	arrival, observed := pcommon.NewTimestampFromTime(now), record.ObservedTimestamp()
	if observed != 0 && observed <= newest {
		arrival = observed
	}

	timestamp := record.Timestamp()
	switch {
	case timestamp > math.MaxInt64: // Loki reads a time before 1970.
		changes |= change.Of(change.InvalidTimestamp)
		timestamp = arrival
	case timestamp > newest:
		changes |= change.Of(change.TooFarAhead)
		record.Attributes().PutStr(activity.SourceTimestampKey, timestamp.AsTime().Format(time.RFC3339Nano))
		timestamp = arrival
	case timestamp == 0:
		changes |= change.Of(change.NoTimestamp)
		timestamp = arrival
	}
	record.SetTimestamp(timestamp)
	record.SetObservedTimestamp(0)
	// Signed, because max_age may reach back behind 1970.
	return changes, timestamp.AsTime().UnixNano() < now.UnixNano()-maxAge.Nanoseconds()
}
