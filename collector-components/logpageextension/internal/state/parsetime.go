// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import (
	"net/url"
	"strings"
	"time"
)

// The layouts of the form's fields, which are those of HTML's inputs, and of a time without
// an offset.
const (
	dateLayout   = "2006-01-02"
	minuteLayout = "15:04"
	secondLayout = "15:04:05"
)

// HasFields tells whether a URL comes from the form, and is to be made shorter.
func HasFields(query url.Values) bool {
	return query.Has(StartDate) || query.Has(StartTime) || query.Has(EndDate) || query.Has(EndTime)
}

// times reads the range of time. The fields of the form go before start and end, except
// where they are what the form was shown with: a start or an end that is not at a minute
// stays what it was.
func (p *parser) times(v *View) {
	start := p.moment(Start, v.zone())
	end := p.moment(End, v.zone())
	if p.query.Has(StartDate) || p.query.Has(StartTime) {
		shown := v.fields(start, end)
		if p.text(StartDate) != shown.StartDate || p.minute(StartTime) != shown.StartTime {
			start = p.fieldStart(v.zone())
		}
	}
	if p.query.Has(EndDate) || p.query.Has(EndTime) {
		shown := v.fields(start, end)
		if p.text(EndDate) != shown.EndDate || p.minute(EndTime) != shown.EndTime {
			end = p.fieldEnd(v.zone())
		}
	}
	if !start.IsZero() && !end.IsZero() && !start.Before(end) {
		p.problem(End, "problem.end_before_start")
		end = time.Time{}
	}
	v.Start, v.End = start, end
	if start.IsZero() && end.IsZero() {
		v.Range = p.last()
	}
}

func (p *parser) last() Range {
	name := p.text(Last)
	if name == "" {
		return Range{}
	}
	r, ok := rangeOf(name)
	if !ok {
		p.problem(Last, "problem.bad_last", name)
	}
	return r
}

// moment reads a parameter that is RFC 3339, or that without an offset. Of a time of day that
// happens twice it takes the first for a start and the second for an end: nothing that may
// be meant is left out.
func (p *parser) moment(name string, zone *time.Location) time.Time {
	// A plus that nobody escaped arrives as a space.
	text := strings.ReplaceAll(p.text(name), " ", "+")
	if text == "" {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil && inRange(t) {
		return t.In(zone)
	}
	for _, layout := range []string{dateLayout + "T" + secondLayout, dateLayout + "T" + minuteLayout} {
		wall, err := time.Parse(layout, text)
		if err != nil || !localInRange(wall) {
			continue
		}
		if name == End {
			return MomentsOf(wall, zone).Last
		}
		return MomentsOf(wall, zone).First
	}
	p.problem(name, "problem.bad_date", text)
	return time.Time{}
}

// inRange keeps times within what nanoseconds since 1970 can tell.
func inRange(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1970 && year < 2260
}

// localInRange keeps local times so far within that they are in range in every zone, with the
// day or the minute that an end is moved on by.
func localInRange(wall time.Time) bool { return wall.Year() > 1970 && wall.Year() < 2259 }

func (p *parser) fieldStart(zone *time.Location) time.Time {
	wall, _, ok := p.wall(StartDate, StartTime)
	if !ok {
		return time.Time{}
	}
	return MomentsOf(wall, zone).First
}

// fieldEnd returns the moment after the minute of the end, or after its day where it has no
// time.
func (p *parser) fieldEnd(zone *time.Location) time.Time {
	wall, hasTime, ok := p.wall(EndDate, EndTime)
	switch {
	case !ok:
		return time.Time{}
	case !hasTime:
		return MomentsOf(wall.AddDate(0, 0, 1), zone).First
	}
	moments := MomentsOf(wall, zone)
	if moments.Gap {
		return moments.Last
	}
	return moments.Last.Add(time.Minute)
}

// wall reads a date with a time, which may be missing.
func (p *parser) wall(dateName, timeName string) (wall time.Time, hasTime, ok bool) {
	dateText, timeText := p.text(dateName), p.text(timeName)
	if dateText == "" {
		if timeText != "" {
			p.problem(dateName, "problem.time_without_date")
		}
		return time.Time{}, false, false
	}
	date, err := time.Parse(dateLayout, dateText)
	if err != nil || !localInRange(date) {
		p.problem(dateName, "problem.bad_date", dateText)
		return time.Time{}, false, false
	}
	if timeText == "" {
		return date, false, true
	}
	clock, err := time.Parse(minuteLayout, p.minute(timeName))
	if err != nil {
		p.problem(timeName, "problem.bad_time", timeText)
		return time.Time{}, false, false
	}
	return date.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute), true, true
}

// minute returns a time of day without the seconds that some browsers send.
func (p *parser) minute(name string) string {
	text := p.text(name)
	if clock, err := time.Parse(secondLayout, text); err == nil {
		return clock.Format(minuteLayout)
	}
	return text
}
