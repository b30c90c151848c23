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
)

// Without JavaScript everything can be done: times are in UTC then, until another zone is
// chosen.
func testNoScript(t *testing.T, w *world) {
	t.Helper()
	visitor := browser.Visitor{NoScript: true}
	v := w.open(t, visitor, "/", nil)
	v.shows(w.log, 50)
	v.showsTimes(w.log[:50], time.UTC)
	v.loadAll()
	v.counts(w.log)

	v.menu("Status", func() { v.check("Error") })
	v.menu("Product", func() { v.check("Private ZIS") })
	v.Find("searchbox", "Search").Type("ERP")
	v.in(w.now.Add(-90*time.Hour), w.now.Add(-3*time.Hour), time.UTC)
	v.apply()
	want := w.log.chosen(choice{
		statuses: []string{"error"}, products: []string{"zis"}, search: "ERP", start: w.now.Add(-90 * time.Hour), end: w.now.Add(-3*time.Hour + time.Minute),
	})
	require.NotEmpty(t, want)
	v.shows(want, 50)

	list := v.Address()
	v.Find("link", want[2].Description).Click()
	v.says(want[2].ID, "amount_too_large")
	v.shows(want, 50)
	v.Find("link", "Close details").Click()
	v.Until(func() error { return closed(v) })
	assert.Equal(t, list, v.Address())

	t.Run("paging", func(t *testing.T) {
		v := w.open(t, visitor, "/", url.Values{"status": {"error"}})
		errors := w.log.chosen(choice{statuses: []string{"error"}})
		v.shows(errors, 50)
		v.first("Older").Follow()
		v.shows(errors[50:], 50)
		v.first("Newer").Follow()
		v.shows(errors, 50)
	})
	t.Run("list of products", func(t *testing.T) {
		v := w.open(t, visitor, "/", nil)
		v.loadAll()
		v.summary("Product").Click()
		v.lists(w.log.chosen(choice{statuses: []string{"error"}}), true)
		v.Find("link", "Show all products").Follow()
		v.loadAll()
		v.menu("Product", func() { v.lists(w.log, false) })
	})
	t.Run("zone", func(t *testing.T) {
		v := w.open(t, visitor, "/", nil)
		v.summary("Time zone and language").Click()
		v.Find("combobox", "Time zone").Set("America/Denver")
		v.Find("button", "Set").Follow()
		v.showsTimes(w.log[:50], zone(t, "America/Denver"))
	})
	t.Run("live", func(t *testing.T) {
		v := w.open(t, visitor, "/tail", nil)
		v.shows(w.log, 50)
		v.says("Without JavaScript this page does not update by itself")
		shown, err := browser.Eval[string](v.Tab, "document.body.innerText")
		require.NoError(t, err)
		assert.NotContains(t, shown, "New activities appear on top", "it does not promise what only a script does")
	})
}

// loadAll follows the link that waits for what was not ready, where there is one.
func (v *view) loadAll() {
	v.t.Helper()
	waiting, err := browser.Eval[string](v.Tab, `document.querySelector("[data-part] .loading a")?.href || ""`)
	require.NoError(v.t, err)
	if waiting == "" {
		return
	}
	v.Go(waiting)
	v.Until(func() error {
		left, err := browser.Eval[int](v.Tab, `document.querySelectorAll("[data-part]").length`)
		if err == nil && left > 0 {
			err = fmt.Errorf("%d parts are not there", left)
		}
		return err
	})
}
