// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// View is what a URL says. The zero value is the newest activities of the whole log.
type View struct {
	// Range is set where the time is one of [Ranges]; else Start and End are, of which one
	// may be zero: the range is then open on that side.
	Range      Range
	Start, End time.Time

	Products, Statuses, Types, Integrations, Accounts []string

	Search                 string
	ObjectType, ObjectID   string
	ErrorType, ErrorCode   string
	HTTPStatusCode         int // 0 where the URL does not say
	Without                []activities.Field
	Older, Newer, Activity activities.Position
	// Limit is 0 where the URL does not say.
	Limit int
	// Zone is that of the times; ZoneName is empty where the URL does not say.
	Zone     *time.Location
	ZoneName string
	Language string
	// AllProducts and Wait: see [Products] and [Wait].
	AllProducts, Wait bool
}

// Query returns the parameters that make this view, and no others.
func (v View) Query() url.Values {
	query := v.FilterQuery()
	set(query, Older, string(v.Older))
	set(query, Newer, string(v.Newer))
	set(query, Activity, string(v.Activity))
	if v.Limit > 0 && v.Limit != DefaultLimit {
		query.Set(Limit, strconv.Itoa(v.Limit))
	}
	set(query, Zone, v.ZoneName)
	set(query, Language, v.Language)
	if v.AllProducts {
		query.Set(Products, "all")
	}
	if v.Wait {
		query.Set(Wait, "1")
	}
	return query
}

// FilterQuery returns the parameters that choose activities.
func (v View) FilterQuery() url.Values {
	query := url.Values{}
	for name, values := range map[string][]string{
		Product: v.Products, Status: v.Statuses, Type: v.Types, Integration: v.Integrations, Account: v.Accounts,
	} {
		if len(values) > 0 {
			query[name] = slices.Clone(values)
		}
	}
	set(query, Search, v.Search)
	set(query, ObjectType, v.ObjectType)
	set(query, ObjectID, v.ObjectID)
	set(query, ErrorType, v.ErrorType)
	set(query, ErrorCode, v.ErrorCode)
	if v.HTTPStatusCode != 0 {
		query.Set(HTTPStatusCode, strconv.Itoa(v.HTTPStatusCode))
	}
	for _, field := range v.Without {
		query.Add(Without, string(field))
	}
	if !v.Start.IsZero() {
		query.Set(Start, v.Start.UTC().Format(time.RFC3339Nano))
	}
	if !v.End.IsZero() {
		query.Set(End, v.End.UTC().Format(time.RFC3339Nano))
	}
	if v.Range != whole {
		set(query, Last, v.Range.Name)
	}
	return query
}

func set(query url.Values, name, value string) {
	if value != "" {
		query.Set(name, value)
	}
}

// Filter returns what the view chooses. Both of its times are set: an open end is the end of
// this minute, an open start that of the whole log.
func (v View) Filter(now time.Time) activities.Filter {
	start, end := v.bounds(now)
	return activities.Filter{
		Start: start, End: end,
		Products: v.Products, Statuses: v.Statuses, Types: v.Types, Integrations: v.Integrations, Accounts: v.Accounts,
		Search: v.Search, ObjectType: v.ObjectType, ObjectID: v.ObjectID, ErrorType: v.ErrorType, ErrorCode: v.ErrorCode,
		HTTPStatusCode: v.HTTPStatusCode, Without: v.Without,
	}
}

func (v View) bounds(now time.Time) (start, end time.Time) {
	chosen := v.Range
	if chosen.Length == 0 {
		chosen = whole
	}
	start, end = chosen.bounds(now, v.zone())
	if !v.End.IsZero() {
		end = v.End.In(v.zone())
	}
	if !v.Start.IsZero() {
		start = v.Start.In(v.zone())
	}
	// A range that lies before the log or after now is empty, but a range.
	if !start.Before(end) {
		if v.Start.IsZero() {
			start = end.Add(-time.Minute)
		} else {
			end = start.Add(time.Minute)
		}
	}
	return start, end
}

func (v View) zone() *time.Location {
	if v.Zone == nil {
		return time.UTC
	}
	return v.Zone
}

// Slice returns which activities of the filter the view shows.
func (v View) Slice() activities.Slice {
	limit := v.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	return activities.Slice{Older: v.Older, Newer: v.Newer, Limit: limit}
}

// First returns the view of the newest activities, without details.
func (v View) First() View {
	v.Older, v.Newer, v.Activity = "", "", ""
	v.Wait = false
	return v
}

// Between returns the view of another range of time.
func (v View) Between(start, end time.Time) View {
	v = v.First()
	v.Range, v.Start, v.End = Range{}, start, end
	return v
}

// In returns the view of one of [Ranges].
func (v View) In(r Range) View {
	v = v.First()
	v.Range, v.Start, v.End = r, time.Time{}, time.Time{}
	return v
}

// IsWhole tells whether the view shows the whole time of the log.
func (v View) IsWhole() bool {
	return v.Start.IsZero() && v.End.IsZero() && (v.Range.Length == 0 || v.Range == whole)
}
