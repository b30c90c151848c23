// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/objectlink"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// pane has the details of an activity.
type pane struct {
	*visit
	Row        row
	Gone       bool
	Problem    *problem
	Attributes []attribute
	// Close leads to the list without the pane, Permalink to the details alone.
	Close, Permalink string
	Timeline, Same   string
	UTC, Precise     string
	// Advice is what to do, AdviceLink where the vendor writes about it.
	Advice, AdviceLink string
	// Known says how it is known.
	Known string
	Links []objectlink.Link
}

// attribute is one that the store has of an activity.
type attribute struct{ Name, Value string }

// beginDetails reads the activity whose details are open; it is nil where none are.
func (v *visit) beginDetails() pending[found] {
	position := v.View.Activity
	if position == "" {
		return nil
	}
	return begin(v.ctx, func(ctx context.Context) (found, error) {
		activity, ok, err := v.page.reader.Activity(ctx, position)
		return found{activity, ok}, err
	})
}

// found is an activity, if it is there.
type found struct {
	activity activities.Activity
	ok       bool
}

// pane waits for the details: whoever follows a link to them wants nothing else.
func (v *visit) pane(details pending[found]) *pane {
	if details == nil {
		return nil
	}
	read := details.within(v.ctx)
	if !read.Ready {
		read.Err = v.ctx.Err()
	}
	view := v.View
	view.Activity = ""
	p := &pane{visit: v, Problem: v.problemOf(read.Err), Close: v.Link(view)}
	if v.Path == tailPath {
		p.Close = v.Here(view)
	}
	if p.Problem != nil {
		return p
	}
	if p.Gone = !read.Value.ok; p.Gone {
		return p
	}
	p.fill(read.Value.activity)
	return p
}

func (p *pane) fill(a activities.Activity) {
	p.Row = p.row(a)
	p.Row.Description = inert.Text(a.Description)
	p.UTC = a.Time.UTC().Format("2006-01-02 15:04:05.999999999 UTC")
	p.Precise = p.When(a.Time)
	alone := state.View{Activity: a.Position}
	p.Permalink = address("details", alone.Query())
	if a.ObjectID != "" {
		view := state.View{ObjectType: a.ObjectType, ObjectID: a.ObjectID, ZoneName: p.View.ZoneName, Language: p.View.Language}
		p.Timeline = address("timeline", view.Query())
	}
	if a.ErrorType != "" || a.ErrorCode != "" {
		view := state.View{Products: []string{a.Product}, ZoneName: p.View.ZoneName, Language: p.View.Language}
		p.Same = p.Link(ofError(view, a.ErrorType, a.ErrorCode, a.HTTPStatusCode))
	}
	p.advise(&a)
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		p.Attributes = append(p.Attributes, attribute{inert.Text(name), inert.Text(a.Attributes[name])})
	}
}

// advise says what to do, how it is known, and where the object is.
func (p *pane) advise(a *activities.Activity) {
	if found, ok := advice.For(a); ok {
		p.Advice, p.AdviceLink = p.T(found.Key), found.Link
	}
	p.Known = p.EvidenceMeans(a.Evidence)
	if key := advice.Known(a); key != "" {
		p.Known = p.T(key)
	}
	p.Links = p.visit.page.Links.For(a)
}

// HasError tells whether there is something to say of a failure.
func (p *pane) HasError() bool {
	a := p.Row.A
	return a.ErrorType != "" || a.ErrorCode != "" || a.ErrorMessage != "" || a.HTTPStatusCode != 0
}

// ErrorMessage is the vendor's, where the description does not say it already.
func (p *pane) ErrorMessage() string {
	message := p.Row.A.ErrorMessage
	if message == "" || strings.Contains(p.Row.A.Description, message) {
		return ""
	}
	return inert.Text(message)
}

// Inert makes foreign text harmless.
func (*pane) Inert(text string) string { return inert.Text(text) }

// panePart answers the script with the details.
func (*page) panePart(v *visit) response {
	p := v.pane(v.beginDetails())
	if p == nil {
		p = &pane{visit: v, Gone: true}
	}
	return response{status: p.status(), template: "pane", data: p}
}

func (p *pane) status() int {
	if p.Gone {
		return http.StatusNotFound
	}
	return statusOf(p.Problem)
}

// details answers with the details alone.
func (p *page) details(v *visit) response {
	res := p.panePart(v)
	res.template = "details"
	return res
}
