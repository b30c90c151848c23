// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"slices"
	"strconv"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// maxGroups is how many kinds of errors a page shows.
const maxGroups = 100

// groupsPage has the errors by what they have in common.
type groupsPage struct {
	*visit
	Form    *form
	Kinds   *kinds
	Problem *problem
}

// kinds is the table of the page. It takes the longest of all that the log is asked.
type kinds struct {
	*visit
	Ready   bool
	Problem *problem
	Groups  []group
	More    bool
}

// group is the same error, met several times.
type group struct {
	*visit
	G      activities.Group
	Kind   string
	Latest row
	// Show leads to all of them.
	Show string
	// Advice is what to do.
	Advice string
}

// groups answers with the errors by kind.
func (p *page) groups(v *visit) response {
	filter := v.View.Filter(v.Now)
	soft, cancel := v.soft()
	defer cancel()
	choices, found := v.beginChoices(filter), v.beginKinds(filter)
	result := &groupsPage{visit: v, Kinds: v.kinds(found.within(soft))}
	result.Problem = result.Kinds.Problem
	result.Form = v.form(choices.within(soft))
	return response{status: statusOf(result.Problem), template: "groups", data: result}
}

// kindsPart answers the script with the table.
func (*page) kindsPart(v *visit) response {
	k := v.kinds(v.beginKinds(v.View.Filter(v.Now)).within(v.ctx))
	return response{status: statusOf(k.Problem), template: "kinds", data: k}
}

// foundGroups are what a reader found.
type foundGroups struct {
	groups []activities.Group
	more   bool
}

func (v *visit) beginKinds(filter activities.Filter) pending[foundGroups] {
	return begin(v.ctx, func(ctx context.Context) (foundGroups, error) {
		groups, more, err := v.page.reader.Groups(ctx, filter, maxGroups)
		return foundGroups{groups, more}, err
	})
}

func (v *visit) kinds(read part[foundGroups]) *kinds {
	if !read.Ready && v.ctx.Err() != nil {
		read.Err = v.ctx.Err()
	}
	k := &kinds{visit: v, Ready: read.Ready && read.Err == nil, Problem: v.problemOf(read.Err), More: read.Value.more}
	for i := range read.Value.groups {
		k.Groups = append(k.Groups, v.group(read.Value.groups[i]))
	}
	return k
}

func (v *visit) group(g activities.Group) group {
	view := v.View.First()
	view.Products, view.Statuses = []string{g.Product}, []string{g.Status}
	view.Types, view.Integrations = given(g.Type), given(g.Integration)
	view = ofError(view, g.ErrorType, g.ErrorCode, g.HTTPStatusCode)
	view.Without = append(view.Without, without(map[activities.Field]bool{
		activities.FieldType: g.Type == "", activities.FieldIntegration: g.Integration == "",
	})...)
	kind := v.T("groups.no_kind")
	switch {
	case g.ErrorType != "":
		kind = inert.Text(v.ErrorType(g.ErrorType))
	case g.HTTPStatusCode != 0:
		kind = v.T("groups.http", strconv.Itoa(g.HTTPStatusCode))
	}
	result := group{visit: v, G: g, Kind: kind, Latest: v.row(g.Latest), Show: v.Link(view)}
	if found, ok := advice.For(&g.Latest); ok {
		result.Advice = v.T(found.Key)
	}
	return result
}

// ofError returns the view of one error: what it does not have, the others do not have
// either.
func ofError(view state.View, errorType, errorCode string, httpStatusCode int) state.View {
	view.ErrorType, view.ErrorCode, view.HTTPStatusCode = errorType, errorCode, httpStatusCode
	view.Without = without(map[activities.Field]bool{
		activities.FieldErrorType: errorType == "", activities.FieldErrorCode: errorCode == "", activities.FieldHTTPStatusCode: httpStatusCode == 0,
	})
	return view
}

// without returns the fields that are lacking, in the order of [activities.Fields].
func without(lacking map[activities.Field]bool) []activities.Field {
	return slices.DeleteFunc(activities.Fields(), func(field activities.Field) bool { return !lacking[field] })
}

func given(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// Code is the vendor's, and the status of HTTP.
func (g group) Code() []string {
	var codes []string
	if g.G.ErrorCode != "" {
		codes = append(codes, inert.Text(g.G.ErrorCode))
	}
	if g.G.HTTPStatusCode != 0 && g.G.ErrorType != "" {
		codes = append(codes, g.T("groups.http", strconv.Itoa(g.G.HTTPStatusCode)))
	}
	return codes
}
