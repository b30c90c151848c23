// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import "time"

// Moments are those at which the clocks of a zone show a time of day. Most times of day have
// one. While clocks are put back there are two. While they are put forward there is none:
// then both are the moment right after the gap.
type Moments struct {
	First, Last time.Time
	Gap         bool
}

// Twice tells whether the time of day happens twice.
func (m Moments) Twice() bool { return !m.First.Equal(m.Last) }

// MomentsOf finds the moments of the time of day that wall shows; its own zone does not
// matter.
func MomentsOf(wall time.Time, zone *time.Location) Moments {
	// Package time picks one of the moments, or one beside the gap: the others have the
	// offset that was before, or that comes next.
	guess := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	var found Moments
	for _, near := range nearby(guess) {
		_, offset := near.Zone()
		moment := asUTC(wall).Add(-time.Duration(offset) * time.Second).In(zone)
		if !asUTC(moment).Equal(asUTC(wall)) {
			continue
		}
		if found.First.IsZero() || moment.Before(found.First) {
			found.First = moment
		}
		if found.Last.IsZero() || moment.After(found.Last) {
			found.Last = moment
		}
	}
	if found.First.IsZero() {
		after := afterGap(guess)
		return Moments{First: after, Last: after, Gap: true}
	}
	return found
}

// nearby returns a time, and one in the offset before and after its own.
func nearby(t time.Time) []time.Time {
	times := []time.Time{t}
	start, end := t.ZoneBounds()
	if !start.IsZero() {
		times = append(times, start.Add(-1))
	}
	if !end.IsZero() {
		times = append(times, end)
	}
	return times
}

// afterGap returns the moment to which clocks were put forward. A guess beside the gap is
// less than a gap away from it, on either side.
func afterGap(guess time.Time) time.Time {
	start, end := guess.ZoneBounds()
	if start.IsZero() || (!end.IsZero() && end.Sub(guess) < guess.Sub(start)) {
		return end
	}
	return start
}

// asUTC returns the time that shows in UTC what t shows in its zone.
func asUTC(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// PutForward tells whether clocks of t's zone are put forward at t, and what they showed
// right before.
func PutForward(t time.Time) (from time.Time, ok bool) {
	start, _ := t.ZoneBounds()
	if !start.Equal(t) {
		return time.Time{}, false
	}
	name, before := t.Add(-1).Zone()
	if _, after := t.Zone(); after <= before {
		return time.Time{}, false
	}
	return t.In(time.FixedZone(name, before)), true
}
