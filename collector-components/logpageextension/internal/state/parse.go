// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// statuses are all that there are.
var statuses = []string{"info", "warning", "error", "debug"}

// Statuses returns the four statuses, in the order in which the page shows them.
func Statuses() []string { return slices.Clone(statuses) }

// Parse reads the parameters of a URL. Where they name no time zone, the viewer's is used.
// What is wrong is left out of the view, and said.
func Parse(query url.Values, viewer *time.Location) (View, []Problem) {
	p := &parser{query: query}
	v := View{
		Products:       p.list(Product),
		Statuses:       p.statuses(),
		Types:          p.list(Type),
		Integrations:   p.list(Integration),
		Accounts:       p.list(Account),
		Search:         p.search(),
		ObjectType:     p.text(ObjectType),
		ObjectID:       p.text(ObjectID),
		ErrorType:      p.text(ErrorType),
		ErrorCode:      p.text(ErrorCode),
		HTTPStatusCode: p.number(HTTPStatusCode, math.MinInt32, math.MaxInt32),
		Without:        p.without(),
		Older:          activities.Position(p.text(Older)),
		Newer:          activities.Position(p.text(Newer)),
		Activity:       activities.Position(p.text(Activity)),
		Limit:          p.number(Limit, 1, MaxLimit),
		Language:       p.text(Language),
		AllProducts:    p.text(Products) == "all",
		Wait:           p.text(Wait) == "1",
	}
	v.Zone, v.ZoneName = p.zone(viewer)
	if v.Older != "" && v.Newer != "" {
		p.problem(Newer, "problem.both_directions")
		v.Newer = ""
	}
	p.times(&v)
	return v, p.problems
}

type parser struct {
	query    url.Values
	problems []Problem
}

func (p *parser) problem(parameter, key string, args ...any) {
	p.problems = append(p.problems, Problem{Parameter: parameter, Key: key, Args: args})
}

// text returns a parameter without what no store can hold.
func (p *parser) text(name string) string {
	return strings.ToValidUTF8(p.query.Get(name), "\uFFFD")
}

// list returns each value of a parameter once.
func (p *parser) list(name string) []string {
	var values []string
	for _, value := range p.query[name] {
		value = strings.ToValidUTF8(value, "\uFFFD")
		if value != "" && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}

func (p *parser) statuses() []string {
	return slices.DeleteFunc(p.list(Status), func(status string) bool {
		wrong := !slices.Contains(statuses, status)
		if wrong {
			p.problem(Status, "problem.bad_status", status)
		}
		return wrong
	})
}

// search returns the text to search for in one line: what was pasted may have more. Values
// of other parameters come from the log as they are, whatever they are made of.
func (p *parser) search() string {
	search := strings.TrimSpace(strings.Map(spaced, p.text(Search)))
	switch {
	case utf8.RuneCountInString(search) > MaxSearch:
		p.problem(Search, "problem.too_long", MaxSearch)
		return ""
	case strings.ContainsFunc(search, unicode.IsControl):
		p.problem(Search, "problem.control_character")
		return ""
	default:
		return search
	}
}

// spaced makes a space of tabs and ends of lines.
func spaced(r rune) rune {
	if unicode.IsControl(r) && unicode.IsSpace(r) {
		return ' '
	}
	return r
}

func (p *parser) without() []activities.Field {
	var without []activities.Field
	for _, name := range p.list(Without) {
		field := activities.Field(name)
		if !slices.Contains(activities.Fields(), field) {
			p.problem(Without, "problem.bad_field", name)
			continue
		}
		without = append(without, field)
	}
	return without
}

// number returns a whole number that is not 0, or 0 where there is none.
func (p *parser) number(name string, least, most int) int {
	text := p.text(name)
	if text == "" {
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < least || number > most || number == 0 {
		p.problem(name, "problem.bad_number", text)
		return 0
	}
	return number
}

func (p *parser) zone(viewer *time.Location) (zone *time.Location, name string) {
	name = p.text(Zone)
	if name == "" {
		return viewer, ""
	}
	zone, err := LoadZone(name)
	if err != nil {
		p.problem(Zone, "problem.bad_zone", name)
		return viewer, ""
	}
	return zone, name
}
