// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// lists are the parameters that can be given several times.
var lists = []string{state.Product, state.Status, state.Type, state.Integration, state.Account, state.Without}

// The parameters of each part of the API.
var (
	times   = []string{state.Start, state.End, state.Last, state.Zone}
	filters = append(append([]string{state.Search, state.ObjectType, state.ObjectID, state.ErrorType, state.ErrorCode, state.HTTPStatusCode}, lists...), times...)
	paging  = append([]string{state.Older, state.Newer, state.Limit}, filters...)
)

// ofThePage are parameters that choose nothing here, but that are in a URL of the page which
// somebody took over.
var ofThePage = []string{state.Activity, state.Language, state.Products, state.Wait}

const timeCure = "A time is RFC 3339, such as 2026-11-27T08:30:00Z, or 2026-11-27T08:30 in the time zone of " + state.Zone + "."

// cures say what would be right, where the page's own words leave that to its form.
var cures = map[string]string{
	state.Start:          timeCure,
	state.End:            timeCure,
	state.Status:         "It is one of " + strings.Join(state.Statuses(), ", ") + ".",
	state.Last:           "It is one of " + strings.Join(rangeNames(), ", ") + ".",
	state.Without:        "It is one of " + strings.Join(fieldNames(), ", ") + ".",
	state.HTTPStatusCode: "It is a whole number, such as 404.",
	state.Limit:          fmt.Sprintf("It is a number from 1 to %d.", state.MaxLimit),
}

func rangeNames() []string {
	var names []string
	for _, r := range state.Ranges() {
		names = append(names, r.Name)
	}
	return names
}

func fieldNames() []string {
	var names []string
	for _, field := range activities.Fields() {
		names = append(names, string(field))
	}
	return names
}

// read reads the parameters of a request. A program that asks for one thing must not get
// another, so what is wrong, unknown or there twice is refused; ok is then false, and the
// request is answered.
func read(w http.ResponseWriter, r *http.Request, known []string) (view state.View, ok bool) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		problem.Write(w, http.StatusBadRequest, "The parameters cannot be read: "+err.Error()+".", "")
		return state.View{}, false
	}
	if name, detail := misfit(query, known); detail != "" {
		problem.Write(w, http.StatusBadRequest, detail, name)
		return state.View{}, false
	}
	view, problems := state.Parse(query, time.UTC)
	if len(problems) > 0 {
		first := problems[0]
		detail := messages.In("en").T(first.Key, first.Args...) + " " + cures[first.Parameter]
		problem.Write(w, http.StatusBadRequest, strings.TrimSpace(detail), first.Parameter)
		return state.View{}, false
	}
	if name, detail := contradiction(query); detail != "" {
		problem.Write(w, http.StatusBadRequest, detail, name)
		return state.View{}, false
	}
	return view, true
}

// misfit returns the first parameter, by name, that is not known or not single.
func misfit(query url.Values, known []string) (name, detail string) {
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch {
		case !slices.Contains(known, name) && !slices.Contains(ofThePage, name):
			return name, fmt.Sprintf("There is no parameter %.100q here; there are %s.", name, strings.Join(slices.Sorted(slices.Values(known)), ", "))
		case len(query[name]) > 1 && !slices.Contains(lists, name):
			return name, "The parameter " + name + " can be given once only."
		}
	}
	return "", ""
}

// contradiction returns a parameter that says something else than another.
func contradiction(query url.Values) (name, detail string) {
	if query.Get(state.Last) != "" && (query.Get(state.Start) != "" || query.Get(state.End) != "") {
		return state.Last, "Give either " + state.Last + " or " + state.Start + " and " + state.End + "."
	}
	return "", ""
}
