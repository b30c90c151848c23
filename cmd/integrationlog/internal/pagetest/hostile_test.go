// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// What others have written is text on every page, whatever it is made of: no script of
// theirs runs, nothing is asked of another host (each tab sees to that), the page stays as
// it is built, and no invisible character turns the order of what is beside it.
func testHostile(t *testing.T, w *world) {
	t.Helper()
	of := choice{errorType: string(activity.ErrorOther)}
	all := w.log.chosen(of)
	require.Len(t, all, len(hostileTexts))
	for _, visitor := range []browser.Visitor{{}, {Phone: true}} {
		v := w.open(t, visitor, "/", of.query())
		v.shows(all, perPage)
		v.isInert(t, "/", len(all))
		for _, label := range []string{"Type", "Integration", "Account"} {
			v.Go(w.address("/", of.query()))
			if visitor.Phone {
				v.Find("button", "More filters").Click()
			}
			v.summary(label).Click()
			v.isInert(t, label, len(all))
		}
		for _, path := range []string{"/errors", "/tail"} {
			v.Go(w.address(path, of.query()))
			v.says("Reset filters")
			v.isInert(t, path, len(all))
		}
	}
	v := w.open(t, browser.Visitor{}, "/", nil)
	query := of.query()
	query.Set("limit", "100")
	for i, a := range w.ask(t, query).Activities {
		require.Equal(t, all[i].ID, a.ID)
		// Beside the list for the first ones, alone for the others: the details are the same.
		path := "/details"
		if i < 3 {
			path = "/"
		}
		v.Go(w.address(path, url.Values{"activity": {a.Position}, "error_type": {a.ErrorType}}))
		v.says("All attributes")
		v.isInert(t, "details of "+a.ID, -1)
		v.summary("All attributes").Click()
		v.isInert(t, "attributes of "+a.ID, -1)
		shown := browser.MustEval[string](v.Tab, `document.querySelector("#details .description").textContent`)
		assert.Equal(t, visible(all[i].Description), visible(shown), "details show the whole text")
	}
	for _, a := range all {
		for _, test := range []struct {
			path  string
			query url.Values
		}{
			{"/", choiceOfTexts(&a)},
			{"/timeline", url.Values{"object_type": {a.ObjectType}, "object_id": {a.ObjectID}}},
		} {
			v.Go(w.address(test.path, test.query))
			v.isInert(t, test.path+" with "+a.ID, -1)
		}
		// What was chosen by a click is found again by it, whatever it is made of.
		page := w.ask(t, choiceOfTexts(&a))
		assert.Equal(t, []string{a.ID}, idsOf(page.Activities))
	}
	t.Run("in the address", func(t *testing.T) {
		for _, text := range hostileTexts[:9] {
			for _, parameters := range [][]string{
				{"tz", "lang", "start", "end", "last", "limit", "status", "x"},
				{"older", "activity", "start_date", "start_time", "end_date", "end_time", "q"},
			} {
				query := url.Values{"product": {"nothing"}} // an empty list is quicker to show
				for _, parameter := range parameters {
					query.Set(parameter, activity.Truncate(text, 150))
				}
				v.Go(w.address("/", query))
				v.isInert(t, query.Encode(), -1)
			}
		}
	})
}

// choiceOfTexts chooses by every text of an activity that can be chosen by.
func choiceOfTexts(a *activity.Activity) url.Values {
	return url.Values{
		"type": {a.Type}, "integration": {a.IntegrationName}, "account": {a.Account},
		"object_type": {a.ObjectType}, "object_id": {a.ObjectID}, "error_code": {a.Error.Code},
	}
}

// structure tells what there is on the page that hostile texts could have put there, or
// taken away.
const structure = `(() => {
	const count = selector => document.querySelectorAll(selector).length;
	const text = document.body.textContent;
	return {
		Ran: "hostile" in window,
		Foreign: count("iframe, object, embed, base, meta[http-equiv], style, [onload], [onerror], [onclick], [onmouseover]")
			+ [...document.scripts].filter(s => new URL(s.src).origin !== location.origin).length
			+ [...document.querySelectorAll("link[rel=stylesheet], img, use")].filter(e => new URL(e.href?.baseVal || e.href || e.src, location.href).origin !== location.origin).length
			+ [...document.querySelectorAll("a[href]")].filter(a => /^(javascript|data|vbscript):/i.test(a.protocol || "")).length
			+ [...document.forms].filter(f => new URL(f.action).origin !== location.origin).length
			+ count("input[name=password]"),
		Mains: count("main"), Footers: count("footer"), Headings: count("h1"), Rows: count("#rows tr"),
		Controls: [...text].filter(c => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(c)).length,
		Hidden: getComputedStyle(document.body).display === "none",
	};
})()`

// isInert requires that hostile texts have done nothing to the page. A negative number of
// rows is any.
func (v *view) isInert(t *testing.T, what string, rows int) {
	t.Helper()
	type built struct {
		Ran, Hidden                                       bool
		Foreign, Mains, Footers, Headings, Rows, Controls int
	}
	got, err := browser.Eval[built](v.Tab, structure)
	require.NoError(t, err)
	if rows < 0 || got.Rows == 0 {
		rows = got.Rows
	}
	assert.Equal(t, built{Mains: 1, Footers: 1, Headings: 1, Rows: rows}, got, what)
	assert.Empty(t, v.Faults(), what)
}

// visible is a text without white space and what is shown as a sign in its place.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r <= ' ', r >= 0x7F && r <= 0xA0, r == 0x061C, r >= 0x2028 && r <= 0x202E, r >= 0x2066 && r <= 0x206F, r == 0x200E, r == 0x200F, r == 0xFEFF, r == 0xFFFD, r >= 0x2400 && r <= 0x2421:
			return -1
		default:
			return r
		}
	}, text)
}
