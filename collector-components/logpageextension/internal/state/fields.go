// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import "time"

// Fields are what the form shows: dates and times of day as HTML's inputs write them.
type Fields struct {
	StartDate, StartTime, EndDate, EndTime string
}

// Fields returns what the form shows for the view. The minute that it shows as the end is
// the last of the range.
func (v View) Fields() Fields { return v.fields(v.Start, v.End) }

func (v View) fields(start, end time.Time) Fields {
	var f Fields
	if !start.IsZero() {
		start = start.In(v.zone())
		f.StartDate, f.StartTime = start.Format(dateLayout), start.Format(minuteLayout)
	}
	if !end.IsZero() {
		end = end.Add(-1).In(v.zone())
		f.EndDate, f.EndTime = end.Format(dateLayout), end.Format(minuteLayout)
	}
	return f
}
