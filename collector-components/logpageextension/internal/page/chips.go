// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"slices"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// chip is a filter that is on, and how to take it off.
type chip struct {
	*visit
	Label, Text, Address string
}

// chips returns all filters that are on.
func (v *visit) chips() []chip {
	c := chipMaker{visit: v}
	c.time()
	c.list("filter.status", v.View.Statuses, v.Status, func(view *state.View) *[]string { return &view.Statuses })
	c.list("filter.product", v.View.Products, v.Product, func(view *state.View) *[]string { return &view.Products })
	c.list("filter.type", v.View.Types, v.Type, func(view *state.View) *[]string { return &view.Types })
	c.list("filter.integration", v.View.Integrations, nil, func(view *state.View) *[]string { return &view.Integrations })
	c.list("filter.account", v.View.Accounts, nil, func(view *state.View) *[]string { return &view.Accounts })
	c.text("filter.search", v.View.Search, func(view *state.View) { view.Search = "" })
	object := v.View.ObjectID
	if v.View.ObjectType != "" {
		object = v.ObjectType(v.View.ObjectType) + " " + object
	}
	c.text("filter.object", object, func(view *state.View) { view.ObjectType, view.ObjectID = "", "" })
	c.text("filter.error", nameOf(v.View.ErrorType, v.ErrorType), func(view *state.View) { view.ErrorType = "" })
	c.text("details.error_code", v.View.ErrorCode, func(view *state.View) { view.ErrorCode = "" })
	if code := v.View.HTTPStatusCode; code != 0 {
		c.text("details.http_status", strconv.Itoa(code), func(view *state.View) { view.HTTPStatusCode = 0 })
	}
	c.without()
	return c.chips
}

type chipMaker struct {
	*visit
	chips []chip
}

func (c *chipMaker) add(label, text string, without state.View) {
	c.chips = append(c.chips, chip{visit: c.visit, Label: label, Text: text, Address: c.Here(without)})
}

func (c *chipMaker) text(key, text string, take func(*state.View)) {
	if text == "" {
		return
	}
	view := c.View.First()
	take(&view)
	c.add(c.T(key), inert.Text(text), view)
}

func (c *chipMaker) list(key string, values []string, named func(string) string, of func(*state.View) *[]string) {
	for i, value := range values {
		view := c.View.First()
		list := of(&view)
		*list = slices.Delete(slices.Clone(*list), i, i+1)
		c.add(c.T(key), nameOf(value, named), view)
	}
}

// without has a chip for each thing that the activities do not have.
func (c *chipMaker) without() {
	for i, field := range c.View.Without {
		view := c.View.First()
		view.Without = slices.Delete(slices.Clone(view.Without), i, i+1)
		c.add(c.T("filter.without"), c.T(fieldTexts[field]), view)
	}
}

var fieldTexts = map[activities.Field]string{
	activities.FieldType:           "filter.type",
	activities.FieldIntegration:    "filter.integration",
	activities.FieldErrorType:      "details.error_kind",
	activities.FieldErrorCode:      "details.error_code",
	activities.FieldHTTPStatusCode: "details.http_status",
}

// time is one chip: a range that has lost one of its ends is seldom what is wanted.
func (c *chipMaker) time() {
	start, end := c.View.Start, c.View.End
	if start.IsZero() && end.IsZero() {
		return
	}
	view := c.View.First()
	view.Start, view.End = time.Time{}, time.Time{}
	c.add(c.T("chart.time"), c.rangeText(start, end), view)
}

// rangeText writes a range of time as the form shows it: its last minute belongs to it.
func (v *visit) rangeText(start, end time.Time) string {
	end = shownEnd(start, end)
	switch {
	case end.IsZero():
		return v.T("filter.from", v.WhenShort(start))
	case start.IsZero():
		return v.T("filter.until", v.WhenShort(end))
	default:
		return v.T("filter.range", v.WhenShort(start), v.WhenShort(end))
	}
}

// shownEnd is the end of a range as the form shows it, by which all else that shows one goes.
func shownEnd(start, end time.Time) time.Time {
	if end.Truncate(time.Minute).Equal(end) && end.Sub(start) > time.Minute {
		return end.Add(-time.Minute)
	}
	return end
}
