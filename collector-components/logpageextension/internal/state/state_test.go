// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loaded, err := LoadZone(name)
	require.NoError(t, err)
	return loaded
}

func utc(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return parsed.UTC()
}

func TestMomentsOf(t *testing.T) {
	for _, tt := range []struct {
		name, zone, wall, first, last string
		gap                           bool
	}{
		{name: "plain", zone: "Europe/Berlin", wall: "2026-11-27T08:30", first: "2026-11-27T07:30:00Z"},
		{name: "gap", zone: "Europe/Berlin", wall: "2026-03-29T02:30", first: "2026-03-29T01:00:00Z", gap: true},
		{name: "gap's first minute", zone: "Europe/Berlin", wall: "2026-03-29T02:00", first: "2026-03-29T01:00:00Z", gap: true},
		{name: "after the gap", zone: "Europe/Berlin", wall: "2026-03-29T03:00", first: "2026-03-29T01:00:00Z"},
		{name: "before the gap", zone: "Europe/Berlin", wall: "2026-03-29T01:59", first: "2026-03-29T00:59:00Z"},
		{name: "twice", zone: "Europe/Berlin", wall: "2026-10-25T02:30", first: "2026-10-25T00:30:00Z", last: "2026-10-25T01:30:00Z"},
		{name: "after twice", zone: "Europe/Berlin", wall: "2026-10-25T03:00", first: "2026-10-25T02:00:00Z"},
		{name: "gap in the west", zone: "America/New_York", wall: "2026-03-08T02:30", first: "2026-03-08T07:00:00Z", gap: true},
		{name: "twice in the west", zone: "America/New_York", wall: "2026-11-01T01:00", first: "2026-11-01T05:00:00Z", last: "2026-11-01T06:00:00Z"},
		{name: "half an hour", zone: "Australia/Lord_Howe", wall: "2026-04-05T01:45", first: "2026-04-04T14:45:00Z", last: "2026-04-04T15:15:00Z"},
		{name: "no midnight", zone: "Africa/Cairo", wall: "2026-04-24T00:00", first: "2026-04-23T22:00:00Z", gap: true},
		{name: "a day that never was", zone: "Pacific/Apia", wall: "2011-12-30T12:00", first: "2011-12-30T10:00:00Z", gap: true},
		{name: "no zone", zone: "UTC", wall: "2026-03-29T02:30", first: "2026-03-29T02:30:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wall, err := time.Parse("2006-01-02T15:04", tt.wall)
			require.NoError(t, err)
			moments := MomentsOf(wall, zone(t, tt.zone))
			if tt.last == "" {
				tt.last = tt.first
			}
			require.Equal(t, tt.first, moments.First.UTC().Format(time.RFC3339))
			require.Equal(t, tt.last, moments.Last.UTC().Format(time.RFC3339))
			require.Equal(t, tt.gap, moments.Gap)
		})
	}
}

// Whatever clocks show at a moment, that moment is among those of what they show.
func TestMomentsOfFindsEveryMoment(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "America/Santiago"} {
		berlin := zone(t, name)
		for moment := utc(t, "2026-01-01T00:07:00Z"); moment.Year() == 2026; moment = moment.Add(13 * time.Minute) {
			moments := MomentsOf(moment.In(berlin), berlin)
			require.False(t, moments.Gap, "%s %s", name, moment)
			require.True(t, moments.First.Equal(moment) || moments.Last.Equal(moment), "%s %s", name, moment)
		}
	}
}

func TestParseTimes(t *testing.T) {
	for _, tt := range []struct {
		name, query, zone string
		start, end        string
		notes             []string
	}{
		{name: "nothing", query: ""},
		{name: "absolute", query: "start=2026-11-20T08:30:00Z&end=2026-11-21T00:00:00%2B01:00", start: "2026-11-20T08:30:00Z", end: "2026-11-20T23:00:00Z"},
		{name: "a plus that is a space", query: "start=2026-11-20T08:30:00+01:00", start: "2026-11-20T07:30:00Z"},
		{name: "without an offset", query: "start=2026-11-20T08:30&tz=America/New_York", start: "2026-11-20T13:30:00Z"},
		{name: "form, minutes belong to it", query: "start_date=2026-11-20&start_time=08:30&end_date=2026-11-20&end_time=08:30", start: "2026-11-20T07:30:00Z", end: "2026-11-20T07:31:00Z"},
		{name: "form, seconds", query: "start_date=2026-11-20&start_time=08:30:00", start: "2026-11-20T07:30:00Z"},
		{name: "form, days", query: "start_date=2026-11-20&start_time=&end_date=2026-11-21&end_time=", start: "2026-11-19T23:00:00Z", end: "2026-11-21T23:00:00Z"},
		{name: "form, a day of 23 hours", query: "start_date=2026-03-29&end_date=2026-03-29", start: "2026-03-28T23:00:00Z", end: "2026-03-29T22:00:00Z"},
		{name: "form, a day of 25 hours", query: "start_date=2026-10-25&end_date=2026-10-25", start: "2026-10-24T22:00:00Z", end: "2026-10-25T23:00:00Z"},
		{
			name: "form, in the gap", query: "start_date=2026-03-29&start_time=02:30&end_date=2026-03-29&end_time=03:00",
			start: "2026-03-29T01:00:00Z", end: "2026-03-29T01:01:00Z", notes: []string{"filter.gap_start"},
		},
		{
			name: "form, end in the gap", query: "start_date=2026-03-29&start_time=01:30&end_date=2026-03-29&end_time=02:30",
			start: "2026-03-29T00:30:00Z", end: "2026-03-29T01:00:00Z", notes: []string{"filter.gap_end"},
		},
		{
			name: "form, twice", query: "start_date=2026-10-25&start_time=02:30&end_date=2026-10-25&end_time=02:30",
			start: "2026-10-25T00:30:00Z", end: "2026-10-25T01:31:00Z", notes: []string{"filter.twice_start", "filter.twice_end"},
		},
		{
			name: "form, as it was shown", query: "start=2026-10-25T01:30:20Z&end=2026-10-25T01:45:07Z&start_date=2026-10-25&start_time=02:30&end_date=2026-10-25&end_time=02:45",
			start: "2026-10-25T01:30:20Z", end: "2026-10-25T01:45:07Z", notes: []string{"filter.twice_start_second", "filter.twice_end"},
		},
		{
			name: "form, the end was changed", query: "start=2026-10-25T01:30:20Z&end=2026-10-25T01:45:07Z&start_date=2026-10-25&start_time=02:30&end_date=2026-10-25&end_time=02:50",
			start: "2026-10-25T01:30:20Z", end: "2026-10-25T01:51:00Z", notes: []string{"filter.twice_start_second", "filter.twice_end"},
		},
		{name: "form, emptied", query: "start=2026-11-20T08:30:00Z&start_date=&start_time="},
		{name: "form, only an end", query: "end_date=2026-11-20&end_time=10:00", end: "2026-11-20T09:01:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			query, err := url.ParseQuery(tt.query)
			require.NoError(t, err)
			view, problems := Parse(query, zone(t, "Europe/Berlin"))
			require.Empty(t, problems)
			require.Equal(t, tt.start, text(view.Start))
			require.Equal(t, tt.end, text(view.End))
			var notes []string
			for _, note := range view.Notes() {
				notes = append(notes, note.Key)
			}
			require.Equal(t, tt.notes, notes)

			// What the form then shows makes the same view again.
			fields, form := view.Fields(), view.Query()
			form.Set(StartDate, fields.StartDate)
			form.Set(StartTime, fields.StartTime)
			form.Set(EndDate, fields.EndDate)
			form.Set(EndTime, fields.EndTime)
			again, problems := Parse(form, zone(t, "Europe/Berlin"))
			require.Empty(t, problems)
			require.Equal(t, view.Query(), again.Query())
		})
	}
}

func text(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for query, key := range map[string]string{
		"status=fatal":                          "problem.bad_status",
		"without=luck":                          "problem.bad_field",
		"http_status_code=0":                    "problem.bad_number",
		"limit=0":                               "problem.bad_number",
		"limit=many":                            "problem.bad_number",
		"limit=1001":                            "problem.bad_number",
		"tz=Mars/Base":                          "problem.bad_zone",
		"tz=Local":                              "problem.bad_zone",
		"tz=../../etc/passwd":                   "problem.bad_zone",
		"last=8d":                               "problem.bad_last",
		"older=a&newer=b":                       "problem.both_directions",
		"start=yesterday":                       "problem.bad_date",
		"start=0001-01-01T00:00:00Z":            "problem.bad_date",
		"end=9999-01-01T00:00:00Z":              "problem.bad_date",
		"start_date=2026-02-30":                 "problem.bad_date",
		"start_date=2026-02-03&start_time=25:0": "problem.bad_time",
		"start_time=10:00":                      "problem.time_without_date",
		"end_time=10:00":                        "problem.time_without_date",
		"start_date=2026-02-03&start_time=10:00&end_date=2026-02-03&end_time=09:59": "problem.end_before_start",
		"start=2026-02-03T10:00:00Z&end=2026-02-03T10:00:00Z":                       "problem.end_before_start",
		"q=" + string(make([]byte, MaxSearch+1)):                                    "problem.too_long",
		"q=%00":                                                                     "problem.control_character",
		"q=a%1Bb":                                                                   "problem.control_character",
		"q=a%C2%9F":                                                                 "problem.control_character",
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		view, problems := Parse(values, time.UTC)
		require.Len(t, problems, 1, query)
		require.Equal(t, key, problems[0].Key, query)
		require.NotEmpty(t, problems[0].Parameter)
		_, again := Parse(view.Query(), time.UTC)
		require.Empty(t, again, query)
	}
}

// What people paste is searched for in one line.
func TestSearchIsOneLine(t *testing.T) {
	for pasted, want := range map[string]string{
		"\tone\ttwo \r\n": "one two", "one\ntwo": "one two", " \n ": "", "\u00a0naïve\u200b": "naïve\u200b", "a\xffb": "a\ufffdb",
	} {
		view, problems := Parse(url.Values{Search: {pasted}}, time.UTC)
		require.Empty(t, problems, "%q", pasted)
		require.Equal(t, want, view.Search)
	}
}

func TestViewIsItsQuery(t *testing.T) {
	view := View{
		Range:    Ranges()[1],
		Products: []string{"shopify", "a b&c"}, Statuses: []string{"error", "info"}, Types: []string{"order"},
		Integrations: []string{"#1"}, Accounts: []string{"acme+eu"},
		Search: `"x" | y`, ObjectType: "order", ObjectID: "1/2", ErrorType: "_OTHER", ErrorCode: "E=1", HTTPStatusCode: 502,
		Without: []activities.Field{activities.FieldType, activities.FieldErrorCode},
		Older:   "p", Activity: "q", Limit: 7, Zone: zone(t, "Asia/Kolkata"), ZoneName: "Asia/Kolkata", Language: "fr",
		AllProducts: true, Wait: true,
	}
	query, err := url.ParseQuery(view.Query().Encode())
	require.NoError(t, err)
	again, problems := Parse(query, time.UTC)
	require.Empty(t, problems)
	require.Equal(t, view, again)

	require.Empty(t, View{}.Query())
	require.Empty(t, View{Range: whole, Limit: DefaultLimit}.Query(), "defaults are not in the URL")
	require.True(t, View{Range: whole}.IsWhole())
	require.False(t, view.IsWhole())
}

func TestFilterHasBothTimes(t *testing.T) {
	now := utc(t, "2026-11-27T05:19:35Z")
	berlin := zone(t, "Europe/Berlin")
	for _, tt := range []struct {
		view       View
		start, end string
	}{
		{View{}, "2026-11-20T03:00:00Z", "2026-11-27T05:20:00Z"},
		{View{Zone: berlin}, "2026-11-20T05:00:00Z", "2026-11-27T05:20:00Z"},
		{View{Range: Ranges()[0]}, "2026-11-27T05:04:00Z", "2026-11-27T05:20:00Z"},
		{View{Range: Ranges()[3]}, "2026-11-26T05:00:00Z", "2026-11-27T05:20:00Z"},
		{View{Start: utc(t, "2026-11-26T00:00:00Z")}, "2026-11-26T00:00:00Z", "2026-11-27T05:20:00Z"},
		{View{End: utc(t, "2026-11-26T00:00:00Z")}, "2026-11-20T03:00:00Z", "2026-11-26T00:00:00Z"},
		{View{Start: utc(t, "2027-11-26T00:00:00Z")}, "2027-11-26T00:00:00Z", "2027-11-26T00:01:00Z"},
		{View{End: utc(t, "2025-11-26T00:00:00Z")}, "2025-11-25T23:59:00Z", "2025-11-26T00:00:00Z"},
	} {
		filter := tt.view.Filter(now)
		require.Equal(t, tt.start, text(filter.Start))
		require.Equal(t, tt.end, text(filter.End))
	}
	view := View{Products: []string{"zis"}, Search: "x", ErrorCode: "1", Older: "p", Activity: "a", Wait: true}
	require.Equal(t, []string{"zis"}, view.Filter(now).Products)
	require.Equal(t, "1", view.Filter(now).ErrorCode)
	require.Equal(t, activities.Slice{Older: "p", Limit: DefaultLimit}, view.Slice())
	require.Equal(t, View{Products: []string{"zis"}, Search: "x", ErrorCode: "1"}, view.First())
	require.Equal(t, Ranges()[0], view.In(Ranges()[0]).Range)
	require.Equal(t, now, view.Between(now, now.Add(1)).Start)
}

func FuzzParse(f *testing.F) {
	f.Add("status=error&product=shopify&start_date=2026-03-29&start_time=02:30&tz=Europe/Berlin")
	f.Add("start=2026-10-25T02:30&end=2026-10-25T02:31&tz=America/Sao_Paulo&older=x&activity=y&q=%22")
	f.Add("end_date=2011-12-30&end_time=00:00:00&tz=Pacific/Apia&last=1h&limit=-1&products=all")
	now := time.Date(2026, time.November, 27, 5, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		view, _ := Parse(query, time.UTC)
		again, problems := Parse(view.Query(), time.UTC)
		require.Empty(t, problems)
		require.Equal(t, view.Query(), again.Query())
		filter := view.Filter(now)
		require.True(t, filter.Start.Before(filter.End))
		view.Notes()
		view.Fields()
	})
}
