// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import "time"

// Range is a range of time that ends now.
type Range struct {
	// Name is the value of the parameter [Last].
	Name string
	// Length is how far it reaches back, at least: it starts at a multiple of Step, so that
	// it does not move with each second, and bars of a chart begin at round times.
	Length, Step time.Duration
}

const day = 24 * time.Hour

// whole is the range of the whole log.
var whole = Range{Name: "7d", Length: 7 * day, Step: 3 * time.Hour}

// Ranges returns the ranges, shortest first. The last is the whole log, and the default.
func Ranges() []Range {
	return []Range{
		{Name: "15m", Length: 15 * time.Minute, Step: time.Minute},
		{Name: "1h", Length: time.Hour, Step: time.Minute},
		{Name: "6h", Length: 6 * time.Hour, Step: 10 * time.Minute},
		{Name: "24h", Length: day, Step: 30 * time.Minute},
		whole,
	}
}

// bounds returns the start of the range, and the end of the minute that now is in.
func (r Range) bounds(now time.Time, zone *time.Location) (start, end time.Time) {
	_, offset := now.In(zone).Zone()
	shift := time.Duration(offset) * time.Second
	start = now.Add(-r.Length).Add(shift).Truncate(r.Step).Add(-shift)
	return start.In(zone), now.Truncate(time.Minute).Add(time.Minute).In(zone)
}

func rangeOf(name string) (Range, bool) {
	for _, r := range Ranges() {
		if r.Name == name {
			return r, true
		}
	}
	return Range{}, false
}
