// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	// perPage is the longest page that the page offers.
	perPage = 250
	// shorter is one that is quicker to show.
	shorter = 100
)

// Each filter alone, and all of them together, leaves what it says: in the list, in the
// chart, and in the address, which shows the same to somebody elsewhere.
func testFilters(t *testing.T, w *world) {
	t.Helper()
	day := w.now.Add(-60 * time.Hour)
	tests := []struct {
		name string
		use  func(*view)
		want choice
	}{
		{"none", func(*view) {}, choice{}},
		{"status", func(v *view) { v.menu("Status", func() { v.check("Error") }) }, choice{statuses: []string{"error"}}},
		{"two statuses", func(v *view) { v.menu("Status", func() { v.check("Warning", "Debug") }) }, choice{statuses: []string{"warning", "debug"}}},
		{"product", func(v *view) { v.menu("Product", func() { v.check("Salesforce") }) }, choice{products: []string{"salesforce"}}},
		{
			"two products", func(v *view) { v.menu("Product", func() { v.check("Bot builder", "Messaging") }) },
			choice{products: []string{"bot-builder", "sunshine-conversations"}},
		},
		{"type", func(v *view) { v.menu("Type", func() { v.check("Action test") }) }, choice{types: []string{"action_test"}}},
		{"integration", func(v *view) { v.menu("Integration", func() { v.check("Create refund") }) }, choice{integrations: []string{"Create refund"}}},
		{"account", func(v *view) { v.menu("Account", func() { v.check(shop) }) }, choice{accounts: []string{shop}}},
		{"search", func(v *view) { v.Find("searchbox", "Search").Type("REFUND was") }, choice{search: "refund was"}},
		{"search in messages", func(v *view) { v.Find("searchbox", "Search").Type("exclusive ACCESS") }, choice{search: "exclusive access"}},
		{"search for no pattern", func(v *view) { v.Find("searchbox", "Search").Type(".*") }, choice{search: ".*"}},
		{"time", func(v *view) { v.in(day, day.Add(8*time.Hour), london) }, choice{start: day, end: day.Add(8*time.Hour + time.Minute)}},
		{
			"all together", func(v *view) {
				v.Find("searchbox", "Search").Type("too large")
				v.in(w.now.Add(-90*time.Hour), w.now.Add(-3*time.Hour), london)
				v.menu("Status", func() { v.check("Error") })
				v.menu("Product", func() { v.check("Private ZIS", "Salesforce") })
				v.menu("Type", func() { v.check("Flow run") })
				v.menu("Integration", func() { v.check("acme_erp", "acme_jira") })
				v.menu("Account", func() { v.check(subdomain) })
			},
			choice{
				search: "too large", start: w.now.Add(-90 * time.Hour), end: w.now.Add(-3*time.Hour + time.Minute), statuses: []string{"error"},
				products: []string{"zis", "salesforce"}, types: []string{"flow_run"}, integrations: []string{"acme_erp", "acme_jira"}, accounts: []string{subdomain},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := w.log.chosen(test.want)
			v := w.open(t, browser.Visitor{}, "/", url.Values{"limit": {"100"}})
			v.shows(w.log, shorter)
			if test.name != "none" && test.want.search != ".*" {
				require.NotEmpty(t, want)
				require.Less(t, len(want), len(w.log))
			}
			test.use(v)
			v.apply()
			v.showsOrIsEmpty(want)
			if test.name == "all together" || test.name == "time" {
				w.visit(t, browser.Visitor{Zone: "Asia/Tokyo"}, v.Address()).showsOrIsEmpty(want)
			}
		})
	}
	t.Run("by address", func(t *testing.T) { testFiltersByAddress(t, w) })
	t.Run("chips", func(t *testing.T) { testChips(t, w) })
	t.Run("chart", func(t *testing.T) { testChart(t, w) })
}

// showsOrIsEmpty waits for a list and its chart, or for the words of an empty one.
func (v *view) showsOrIsEmpty(want ledger) {
	v.t.Helper()
	if len(want) == 0 {
		v.Find("heading", "No activities here")
		return
	}
	v.shows(want, shorter)
	v.counts(want)
}

// What has no field in the form is reached by links, and chosen by the address.
func testFiltersByAddress(t *testing.T, w *world) {
	t.Helper()
	tests := []choice{
		{objectType: "ticket", objectID: "40007"},
		{objectType: "order"},
		{objectID: "40007"},
		{errorType: "conflict"},
		{errorCode: "amount_too_large"},
		{errorType: "validation", errorCode: "amount_too_large", products: []string{"zis"}},
		{errorType: "validation", errorCode: "amount_too_large", products: []string{"salesforce"}},
		{products: []string{"shopify", "actions", "webhooks"}, statuses: []string{"info", "debug"}},
	}
	v := w.open(t, browser.Visitor{}, "/", nil)
	for _, test := range tests {
		query := test.query()
		query.Set("limit", "100")
		v.Go(w.address("/", query))
		v.showsOrIsEmpty(w.log.chosen(test))
	}
}

// Each filter that is on can be taken off by itself, and all can at once.
func testChips(t *testing.T, w *world) {
	t.Helper()
	of := choice{statuses: []string{"error"}, products: []string{"zis"}, search: "too large"}
	query := of.query()
	query.Set("limit", "100")
	v := w.open(t, browser.Visitor{}, "/", query)
	v.shows(w.log.chosen(of), shorter)
	v.chip("too large").Follow()
	of.search = ""
	v.shows(w.log.chosen(of), shorter)
	v.chip("Error").Follow()
	of.statuses = nil
	v.shows(w.log.chosen(of), shorter)
	v.Find("link", "Reset filters").Follow()
	v.shows(w.log, 50)
}

// chip returns the link that takes a filter off.
func (v *view) chip(text string) *browser.Element {
	v.t.Helper()
	var found *browser.Element
	v.Until(func() error {
		all, err := v.All("link", "")
		if err != nil {
			return err
		}
		for _, e := range all {
			if len(e.Name) > len(text) && e.Name[:6] == "Remove" && e.Name[len(e.Name)-len(text):] == text {
				found = e
				return nil
			}
		}
		return fmt.Errorf("no link takes %s off", text)
	})
	return found
}

// The chart counts what the filter leaves, and a click into it goes on with its time or
// status.
func testChart(t *testing.T, w *world) {
	t.Helper()
	v := w.open(t, browser.Visitor{}, "/", url.Values{"product": {"shopify"}, "limit": {"100"}})
	want := w.log.chosen(choice{products: []string{"shopify"}})
	v.counts(want)
	bars := browser.MustEval[[]bar](v.Tab, `[...document.querySelectorAll("table tbody tr")].filter(tr => tr.closest(".chart")).map(tr =>
		({Address: tr.querySelector("a").href, Total: +tr.cells[tr.cells.length - 1].textContent.replace(/\D/g, "")}))`)
	sum := 0
	for _, b := range bars {
		sum += b.Total
		address, err := url.Parse(b.Address)
		require.NoError(t, err)
		start, end := address.Query().Get("start"), address.Query().Get("end")
		of := choice{products: []string{"shopify"}, start: parse(t, start), end: parse(t, end)}
		assert.Len(t, w.log.chosen(of), b.Total, "from %s to %s", start, end)
	}
	assert.Equal(t, len(want), sum)

	v.Go(w.address("/", url.Values{"limit": {"100"}}))
	v.counts(w.log)
	clicked := browser.MustEval[string](v.Tab, `(() => {
		const a = [...document.querySelectorAll(".chart svg a")].filter(a => a.querySelectorAll("rect").length > 1).at(-1);
		a.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
		return a.href.baseVal;
	})()`)
	address, err := url.Parse(clicked)
	require.NoError(t, err)
	of := choice{start: parse(t, address.Query().Get("start")), end: parse(t, address.Query().Get("end"))}
	require.NotEmpty(t, w.log.chosen(of))
	v.shows(w.log.chosen(of), shorter)

	v.Go(w.address("/", url.Values{"limit": {"100"}}))
	v.counts(w.log)
	errors := w.log.chosen(choice{statuses: []string{"error"}})
	v.Find("link", fmt.Sprintf("%d Error", len(errors))).Follow()
	v.shows(errors, shorter)
	assert.Equal(t, len(errors), w.log.count(func(a *activity.Activity) string { return string(a.Status) })["error"])
}

type bar struct {
	Address string
	Total   int
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}
