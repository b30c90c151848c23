// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"maps"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

// source is a type of file with an interval, as in RestApi/Hourly.
type source string

// sources are all that are read, the better ones first.
var sources = [...]source{
	"RestApi/Hourly", "RestApi/Daily", "BulkApi2/Hourly", "BulkApi2/Daily", "Login/Hourly", "Login/Daily",
	"ApiTotalUsage/Hourly", "ApiTotalUsage/Daily",
}

// rank is the place of each source, from 1.
var rank = func() map[source]int {
	ranks := make(map[source]int, len(sources))
	for i, s := range sources {
		ranks[s] = i + 1
	}
	return ranks
}()

// kind is a kind of call that several sources may tell of.
type kind string

const (
	restCall  kind = "rest"
	otherCall kind = "other"
	bulkJob   kind = "bulk"
	login     kind = "login"
)

// kindOf returns what kind of call a call is. A bulk job of which records failed is none
// of the calls that ApiTotalUsage counts: those succeeded.
func kindOf(call *callrow.Call) kind {
	switch {
	case call.Type == callrow.Login:
		return login
	case call.Type == callrow.BulkAPI2:
		return bulkJob
	case call.REST():
		return restCall
	default:
		return otherCall
	}
}

// kindsOf returns of which kinds of calls a type of file tells.
func kindsOf(eventType callrow.Type) []kind {
	switch eventType {
	case callrow.RestAPI:
		return []kind{restCall}
	case callrow.BulkAPI2:
		return []kind{bulkJob}
	case callrow.Login:
		return []kind{login}
	default:
		return []kind{restCall, otherCall}
	}
}

// hours tells to which source each hour of each kind of call belongs. Hours are counted
// since 1970.
type hours map[kind]map[int64]source

func hourOf(at time.Time) int64 { return at.Unix() / 3600 }

// owns tells whether an hour belongs to the source. An hour that belongs to none is the
// source's from now on; changed tells that.
func (h hours) owns(k kind, hour int64, s source) (owns, changed bool) {
	owner, taken := h[k][hour]
	if taken {
		return owner == s, false
	}
	if h[k] == nil {
		h[k] = map[int64]source{}
	}
	h[k][hour] = s
	return true, true
}

// claim gives the source all hours of a file that belong to none yet, also those in which
// nothing failed: two types of files may put one call on different sides of the hour.
func (h hours) claim(f *File) (changed bool) {
	for _, k := range kindsOf(f.Type) {
		for i := range f.Interval.hours() {
			_, claimed := h.owns(k, hourOf(f.LogDate)+int64(i), f.source())
			changed = changed || claimed
		}
	}
	return changed
}

// handOn gives the daily file the hours of an hourly one that is given up: it has all of
// them. What was delivered of them is known by the ledgers.
func (h hours) handOn(f *File) {
	if f.Interval != Hourly {
		return
	}
	for _, k := range kindsOf(f.Type) {
		if hour := hourOf(f.LogDate); h[k][hour] == f.source() {
			h[k][hour] = f.daily()
		}
	}
}

// awaits tells whether a daily file may yet get hours of an hourly one that cannot be read.
func (h hours) awaits(f, unreadable *File) bool {
	if f.Interval != Daily || unreadable.Interval != Hourly || unreadable.Type != f.Type || !f.covers(unreadable.LogDate) {
		return false
	}
	return slices.ContainsFunc(kindsOf(f.Type), func(k kind) bool { return h[k][hourOf(unreadable.LogDate)] == unreadable.source() })
}

// forget drops the hours before a time.
func (h hours) forget(before time.Time) {
	for _, of := range h {
		maps.DeleteFunc(of, func(hour int64, _ source) bool { return hour < hourOf(before) })
	}
}
