// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// While the store is away or refuses, the page says so, keeps the filter, and shows it when
// the store is there again.
func testStoreAway(t *testing.T, w *world) {
	t.Helper()
	t.Cleanup(w.store.LetThrough)
	of := choice{statuses: []string{"error"}, products: []string{"zis"}, search: "ticket", start: w.now.Add(-90 * time.Hour), end: w.now}
	want := w.log.chosen(of)
	require.NotEmpty(t, want)
	for _, visitor := range []browser.Visitor{{}, {NoScript: true}} {
		v := w.open(t, visitor, "/", of.query())
		v.shows(want, 50)
		for _, test := range []struct {
			name   string
			leave  func()
			reason string
		}{
			{"away", w.store.SwitchOff, "does not answer"},
			{"refuses", func() { w.store.Answer(http.StatusForbidden) }, "refused"},
			{"broken", func() { w.store.Answer(http.StatusInternalServerError) }, ""},
		} {
			test.leave()
			v.apply()
			v.Until(func() error { return v.alerts(test.reason) })
			assert.Equal(t, "ticket", mustValue(t, v.Find("searchbox", "Search")), test.name)
			v.menu("Status", func() { v.isChecked(t, "Error") })
			status, body := w.get(t, "/api/v1/activities", of.query())
			assert.GreaterOrEqual(t, status, 500, "%s: %s", test.name, body)
			assert.NotContains(t, string(body), w.store.URL, "who stores the log is none of a viewer's business")

			w.store.LetThrough()
			v.first("Try again").Follow()
			v.shows(want, 50)
			v.menu("Status", func() { v.isChecked(t, "Error") })
		}
	}
}

// axe-core finds nothing against the page of an error either.
func testAccessibilityOfErrors(t *testing.T, w *world) {
	t.Helper()
	t.Cleanup(w.store.LetThrough)
	for _, screen := range screens {
		w.store.LetThrough()
		v := w.open(t, screen.Visitor, "/", nil)
		w.store.SwitchOff()
		v.Go(w.address("/", url.Values{"status": {"error"}, "q": {"ticket"}}))
		v.Until(func() error { return v.alerts("does not answer") })
		v.isAccessible(screen.name)
	}
}

// alerts requires that the page says, aloud to who cannot see it, why there is no list.
func (v *view) alerts(reason string) error {
	text, err := browser.Eval[string](v.Tab, `document.querySelector("main [role=alert]")?.innerText || ""`)
	switch {
	case err != nil:
		return err
	case text == "":
		return errors.New("the page does not say that it cannot read the log")
	case !containsText(text, reason):
		return fmt.Errorf("%q does not say: %s", text, reason)
	default:
		return nil
	}
}

func (v *view) isChecked(t *testing.T, name string) {
	t.Helper()
	checked, err := browser.Apply[bool](v.box(name), "function() { return this.checked }")
	require.NoError(t, err)
	assert.True(t, checked, name)
}

func mustValue(t *testing.T, e *browser.Element) string {
	t.Helper()
	value, err := e.Value()
	require.NoError(t, err)
	return value
}
