// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// maxInList is how long a description is in a list, in characters: what is longer is in the
// details as a whole.
const maxInList = 280

// row is an activity of a list.
type row struct {
	*visit
	A activities.Activity
	// Address opens the details.
	Address     string
	Description string
	Cut, Open   bool
}

func (v *visit) rows(all []activities.Activity) []row {
	rows := make([]row, len(all))
	for i := range all {
		rows[i] = v.row(all[i])
	}
	return rows
}

func (v *visit) row(a activities.Activity) row {
	view := v.View
	view.Activity = a.Position
	view.Wait = false
	link := v.Link
	if v.Path == tailPath {
		link = v.Here
	}
	description, cut := shorten(inert.Text(a.Description), maxInList)
	return row{
		visit: v, A: a, Address: link(view) + "#details", Description: description, Cut: cut,
		Open: a.Position != "" && a.Position == v.View.Activity,
	}
}

// ProductName names the product as Zendesk does.
func (r row) ProductName() string { return inert.Text(r.Product(r.A.Product)) }

// Known returns the status if it is one of the four, for the choice of colour and icon.
func (r row) Known() string { return knownStatus(r.A.Status) }

// StatusName names the status.
func (r row) StatusName() string { return inert.Text(r.Status(r.A.Status)) }

// Detail is what else there is to say in one line: the integration and the kind of error.
func (r row) Detail() []string {
	var detail []string
	if r.A.Integration != "" {
		detail = append(detail, inert.Text(r.A.Integration))
	}
	if r.A.ErrorType != "" {
		detail = append(detail, inert.Text(r.ErrorType(r.A.ErrorType)))
	}
	return detail
}

func knownStatus(status string) string {
	for _, known := range state.Statuses() {
		if status == known {
			return known
		}
	}
	return "debug"
}

// DetailsAddress leads to the details alone, from pages that have no pane.
func (r row) DetailsAddress() string {
	view := state.View{Activity: r.A.Position, ZoneName: r.View.ZoneName, Language: r.View.Language}
	return address("details", view.Query())
}

// shorten cuts text after so many characters, and tells whether it did.
func shorten(text string, characters int) (short string, cut bool) {
	if len(text) <= characters {
		return text, false
	}
	for i := range text {
		if characters == 0 {
			return strings.TrimRight(text[:i], " \n\t") + "…", true
		}
		characters--
	}
	return text, false
}
