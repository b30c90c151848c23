// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"slices"
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// form is the filter.
type form struct {
	*visit
	Fields   state.Fields
	Ranges   []choice
	Statuses []choice
	Chips    []chip
	Notes    []string
	Errors   map[string]string
	Choices  *choices
	Carried  []hidden
	// Live is set where there is no range of time to choose.
	Live bool
}

// choice is something that can be chosen.
type choice struct {
	Value, Text string
	// Count says how much there is of it.
	Count   string
	Chosen  bool
	Address string
}

// choices are what can be chosen of what is in the log.
type choices struct {
	*visit
	// Ready is false where they are not known yet: the form then hands on what was chosen.
	Ready   bool
	Problem *problem
	Menus   []*menu
	Carried []hidden
}

// menu is a list of choices for one parameter.
type menu struct {
	*visit
	Name, Label string
	Choices     []choice
	// Others are chosen, but not among the choices.
	Others []choice
	// Chosen is how many are chosen.
	Chosen int
	// Products is set for the menu of products, which lists those with errors.
	Products bool
}

// read is what the choices are made of.
type read struct {
	products []activities.ProductCount
	values   activities.Values
}

func (v *visit) beginChoices(filter activities.Filter) pending[read] {
	return begin(v.ctx, func(ctx context.Context) (read, error) {
		values := begin(ctx, func(ctx context.Context) (activities.Values, error) { return v.page.reader.Values(ctx, filter) })
		products, err := v.page.reader.Products(ctx, filter)
		if err != nil {
			return read{}, err
		}
		found := values.within(ctx)
		if !found.Ready {
			found.Err = ctx.Err()
		}
		return read{products, found.Value}, found.Err
	})
}

func (v *visit) form(found part[read]) *form {
	f := &form{visit: v, Fields: v.View.Fields(), Chips: v.chips(), Choices: v.choices(found), Errors: map[string]string{}}
	for _, problem := range v.Problems {
		f.Errors[problem.Parameter] = v.T(problem.Key, problem.Args...)
	}
	if state.HasFields(v.query) { // there are problems: show what was typed
		f.Fields = state.Fields{
			StartDate: v.query.Get(state.StartDate), StartTime: v.query.Get(state.StartTime),
			EndDate: v.query.Get(state.EndDate), EndTime: v.query.Get(state.EndTime),
		}
	}
	for _, r := range state.Ranges() {
		f.Ranges = append(f.Ranges, choice{
			Value: r.Name, Text: v.T("filter.last_" + r.Name), Address: v.Here(v.View.In(r)),
			Chosen: v.View.Range == r || (v.View.IsWhole() && r.Name == "7d"),
		})
	}
	for _, status := range state.Statuses() {
		f.Statuses = append(f.Statuses, choice{Value: status, Text: v.Status(status), Chosen: slices.Contains(v.View.Statuses, status)})
	}
	for _, note := range v.View.Notes() {
		f.Notes = append(f.Notes, v.noteText(note))
	}
	f.Carried = v.Hidden(v.View.First(), state.Product, state.Status, state.Type, state.Integration, state.Account, state.Search)
	return f
}

// Reset leads to this page without a filter.
func (f *form) Reset() string { return f.NavPlain(f.Path) }

func (v *visit) noteText(note state.Note) string {
	if note.At.Equal(note.Shown) && note.At.Format("15:04 -07") != note.Shown.Format("15:04 -07") {
		return v.T(note.Key, v.Date(note.At), v.Time(note.Shown), v.Time(note.At))
	}
	return v.T(note.Key, v.Date(note.At), v.Time(note.At), note.At.Format("MST"))
}

// choices makes the menus. What is chosen can be seen and taken off although the log has
// none of it.
func (v *visit) choices(found part[read]) *choices {
	c := &choices{visit: v, Ready: found.Ready && found.Err == nil, Problem: v.problemOf(found.Err)}
	if !c.Ready {
		view := state.View{Products: v.View.Products, Types: v.View.Types, Integrations: v.View.Integrations, Accounts: v.View.Accounts}
		c.Carried = v.Hidden(view)
		return c
	}
	products := &menu{visit: v, Name: state.Product, Label: v.T("filter.product"), Products: true}
	for _, product := range found.Value.products {
		if product.Errors == 0 && !v.View.AllProducts {
			continue
		}
		products.Choices = append(products.Choices, choice{
			Value: strings.ToValidUTF8(product.Product, "\uFFFD"), Text: inert.Text(v.Product(product.Product)), Count: v.T("filter.errors", product.Errors),
		})
	}
	products.choose(v.View.Products, v.Product)
	c.Menus = []*menu{
		products,
		v.menu(state.Type, found.Value.values.Types, v.View.Types, v.Type),
		v.menu(state.Integration, found.Value.values.Integrations, v.View.Integrations, nil),
		v.menu(state.Account, found.Value.values.Accounts, v.View.Accounts, nil),
	}
	return c
}

func (v *visit) menu(name string, values, chosen []string, named func(string) string) *menu {
	m := &menu{visit: v, Name: name, Label: v.T("filter." + name)}
	for _, value := range values {
		value = strings.ToValidUTF8(value, "\uFFFD")
		m.Choices = append(m.Choices, choice{Value: value, Text: nameOf(value, named)})
	}
	m.choose(chosen, named)
	return m
}

func nameOf(value string, named func(string) string) string {
	if named != nil {
		value = named(value)
	}
	return inert.Text(value)
}

func (m *menu) choose(chosen []string, named func(string) string) {
	m.Chosen = len(chosen)
	for _, value := range chosen {
		if i := slices.IndexFunc(m.Choices, func(c choice) bool { return c.Value == value }); i >= 0 {
			m.Choices[i].Chosen = true
			continue
		}
		m.Others = append(m.Others, choice{Value: value, Text: nameOf(value, named), Chosen: true})
	}
}

// Switch leads to the other list of products.
func (m *menu) Switch() string {
	view := m.View
	view.AllProducts = !view.AllProducts
	return m.Here(view)
}

// choicesPart answers the script with the menus.
func (*page) choicesPart(v *visit) response {
	c := v.choices(v.beginChoices(v.View.Filter(v.Now)).within(v.ctx))
	return response{status: statusOf(c.Problem), template: "choices", data: c}
}
