// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// tailPath is that of the page, whose rows open their details beside it.
const tailPath = "./tail"

// tailPage shows what arrives.
type tailPage struct {
	*visit
	Pane    *pane
	Form    *form
	Rows    []row
	Problem *problem
	// Events is where the script gets what arrives.
	Events string
}

// tail answers with the newest activities, which the script adds to.
func (p *page) tail(v *visit) response {
	v.View = tailView(v.View)
	filter := v.View.Filter(v.Now)
	soft, cancel := v.soft()
	defer cancel()
	list := begin(v.ctx, func(ctx context.Context) (activities.Page, error) {
		return p.reader.Page(ctx, filter, activities.Slice{Limit: v.View.Slice().Limit})
	})
	choices, details := v.beginChoices(filter), v.beginDetails()
	read := list.within(v.ctx)
	if !read.Ready {
		read.Err = v.ctx.Err()
	}
	result := &tailPage{visit: v, Problem: v.problemOf(read.Err), Rows: v.rows(read.Value.Activities)}
	result.Form = v.form(choices.within(soft))
	result.Form.Live = true
	if result.Problem == nil {
		result.Pane = v.pane(details)
	}
	view := v.View.First()
	if rows := read.Value.Activities; read.Value.HasOlder && len(rows) > 0 {
		// What is older may be no news; where there is nothing older, everything else is.
		view.Newer = rows[len(rows)-1].Position
	}
	result.Events = address("tail/events", view.Query())
	return response{status: statusOf(result.Problem), template: "tail", data: result}
}

// tailView returns a view without a range of time: what arrives is now.
func tailView(view state.View) state.View {
	view.Range, view.Start, view.End = state.Range{}, time.Time{}, time.Time{}
	view.Older, view.Newer = "", ""
	return view
}
