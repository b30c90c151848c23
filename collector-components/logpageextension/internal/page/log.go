// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// logPage is what the page of the log shows.
type logPage struct {
	*visit
	Form    *form
	Chart   *chart
	List    *list
	Pane    *pane
	Problem *problem
	// Notice says that something of the URL was passed over.
	Notice *problem
}

// log answers with the list of activities, and with the details of one where the URL says so.
func (p *page) log(v *visit) response {
	if state.HasFields(v.query) && len(v.Problems) == 0 {
		return response{redirect: v.Here(v.View.First())}
	}
	filter := v.View.Filter(v.Now)
	soft, cancel := v.soft()
	defer cancel()
	list := begin(v.ctx, func(ctx context.Context) (activities.Page, error) {
		return p.reader.Page(ctx, filter, v.View.Slice())
	})
	choices, chart := v.beginChoices(filter), v.beginChart(filter)
	details := v.beginDetails()

	result := &logPage{visit: v}
	read := list.within(v.ctx)
	if !read.Ready {
		read.Err = v.ctx.Err()
	}
	if errors.Is(read.Err, activities.ErrPosition) {
		result.Notice = v.problemOf(read.Err)
		v.View.Older, v.View.Newer = "", ""
		read.Value, read.Err = p.reader.Page(v.ctx, filter, v.View.Slice())
	}
	result.Problem = v.problemOf(read.Err)
	result.Form = v.form(choices.within(soft))
	if result.Problem == nil {
		result.List = v.list(read.Value)
		result.Chart = v.chart(filter, chart.within(soft))
		result.Pane = v.pane(details)
	}
	return response{status: result.status(), template: "log", data: result}
}

func (l *logPage) status() int {
	switch {
	case l.Problem != nil:
		return l.Problem.status
	case l.Notice != nil || len(l.Problems) > 0:
		return http.StatusBadRequest
	default:
		return http.StatusOK
	}
}

// list is a slice of the log.
type list struct {
	*visit
	Rows         []row
	Newer, Older string
	// Newest leads to the first page, where this is another one.
	Newest string
	// Removable are the filters that could be taken off a list that is empty.
	Removable []chip
	Exports   []export
	PerPage   []choice
}

// export is a link to all activities of the filter.
type export struct{ Name, Address string }

func (v *visit) list(read activities.Page) *list {
	l := &list{visit: v, Rows: v.rows(read.Activities), Exports: v.exports()}
	if n := len(read.Activities); n > 0 {
		if read.HasNewer {
			view := v.View.First()
			view.Newer = read.Activities[0].Position
			l.Newer = v.Link(view)
		}
		if read.HasOlder {
			view := v.View.First()
			view.Older = read.Activities[n-1].Position
			l.Older = v.Link(view)
		}
	} else {
		l.Removable = v.chips()
	}
	if v.View.Older != "" || v.View.Newer != "" {
		l.Newest = v.Link(v.View.First())
	}
	for _, limit := range []int{25, state.DefaultLimit, 100, 250} {
		view := v.View.First()
		view.Limit = limit
		l.PerPage = append(l.PerPage, choice{Value: strconv.Itoa(limit), Text: v.Number(limit), Chosen: limit == v.View.Slice().Limit, Address: v.Link(view)})
	}
	return l
}

// exports gives the API what the page has, and the time zone too, in which the range of the
// last days begins.
func (v *visit) exports() []export {
	var exports []export
	for _, format := range []string{"csv", "jsonl"} {
		query := v.View.FilterQuery()
		query.Set(state.Zone, v.ZoneName())
		query.Set("format", format)
		exports = append(exports, export{Name: v.T("list.export_" + format), Address: address("api/v1/export", query)})
	}
	return exports
}

// Empty tells whether the list has no rows.
func (l *list) Empty() bool { return len(l.Rows) == 0 }

// NothingOn tells whether the collector has receivers, and none of them is on.
func (l *list) NothingOn() bool {
	components := l.visit.page.Components.Components(l.ctx)
	return len(components) > 0 && !slices.ContainsFunc(components, func(c Component) bool { return c.On })
}

// IsFirst tells whether the list begins with the newest activities.
func (l *list) IsFirst() bool { return l.Newest == "" }

// AllSevenDays leads to the same filter in the whole time, where that is not what is shown.
func (l *list) AllSevenDays() string {
	if l.View.IsWhole() {
		return ""
	}
	ranges := state.Ranges()
	return l.Link(l.View.In(ranges[len(ranges)-1]))
}
