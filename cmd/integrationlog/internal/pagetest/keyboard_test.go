// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// The page can be used by keyboard alone, and the focus can be seen wherever it is.
func testKeyboard(t *testing.T, w *world) {
	t.Helper()
	v := w.open(t, browser.Visitor{}, "/", url.Values{"limit": {"25"}})
	v.shows(w.log, 25)
	v.Press(kb.Tab)
	v.focused("link", "Skip to the content")

	// A filter.
	v.tabTo("searchbox", "Search")
	v.Insert("ticket")
	v.tabTo("DisclosureTriangle", "Status")
	v.Press(kb.Enter)
	v.tabTo("checkbox", "Error")
	v.Press(" ")
	v.Press(kb.Escape)
	v.focused("DisclosureTriangle", "Status")
	v.tabTo("button", "Apply filters")
	v.Press(kb.Enter)
	want := w.log.chosen(choice{search: "ticket", statuses: []string{"error"}})
	v.shows(want, 25)

	// Pages.
	v.tabTo("link", "Older")
	v.Press(kb.Enter)
	v.shows(want[25:], 25)
	v.tabTo("link", "Newer")
	v.Press(kb.Enter)
	v.shows(want, 25)

	// Details: the focus goes there, and back to where it was.
	v.tabTo("link", want[0].Description)
	v.Press(kb.Tab)
	v.focused("link", want[1].Description)
	v.Press(kb.Enter)
	v.says(want[1].ID)
	v.Until(func() error { return v.isFocused("heading", "Details") })
	v.tabTo("link", "Close details")
	v.Press(kb.Enter)
	v.Until(func() error { return v.isFocused("link", want[1].Description) })
	v.Press(kb.Enter)
	v.says(want[1].ID)
	v.Press(kb.Escape)
	v.Until(func() error { return closed(v) })
	v.Until(func() error { return v.isFocused("link", want[1].Description) })

	t.Run("to the content", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", nil)
		v.Press(kb.Tab)
		v.Press(kb.Enter)
		assert.Equal(t, "content", browser.MustEval[string](v.Tab, "document.activeElement.id"))
	})
	t.Run("everything can be reached", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", url.Values{"limit": {"25"}})
		v.shows(w.log, 25)
		v.counts(w.log)
		reachable := browser.MustEval[int](v.Tab, `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
			.filter(e => e.checkVisibility() && e.tabIndex >= 0).length`)
		require.Greater(t, reachable, 50)
		stops := map[string]bool{}
		for range reachable * 4 { // a date and a time have several stops
			v.Press(kb.Tab)
			at := browser.MustEval[string](v.Tab, focusedElement)
			if at == "" {
				break // the end of the page
			}
			stops[at] = true
		}
		assert.GreaterOrEqual(t, len(stops), reachable, "stops of the keyboard")
	})
}

// focusedElement names the element that has the focus, by its place in the page; it is empty
// where none has it. An element whose focus cannot be seen is an exception.
const focusedElement = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body || e === document.documentElement) return "";
	const styles = [getComputedStyle(e), getComputedStyle(e, "::after")];
	if (e.closest("label")) styles.push(getComputedStyle(e.closest("label"))); // a check box is shown with its text
	const seen = styles.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== "none");
	const box = e.getBoundingClientRect();
	if (!seen) throw new Error("the focus is not shown at " + e.outerHTML);
	if (box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth) throw new Error("the focus is out of sight at " + e.outerHTML);
	return String([...document.querySelectorAll("*")].indexOf(e));
})()`

// tabTo presses Tab until something has the focus, which is seen at every stop.
func (v *view) tabTo(role, name string) {
	v.t.Helper()
	var passed []string
	for range 200 {
		v.Press(kb.Tab)
		if at := browser.MustEval[string](v.Tab, focusedElement); at == "" {
			continue
		}
		gotRole, gotName, err := v.Focused()
		require.NoError(v.t, err)
		if gotRole == role && strings.HasPrefix(gotName, name) {
			return
		}
		passed = append(passed, gotRole+" "+gotName)
	}
	require.FailNow(v.t, "Tab does not lead there", "to %s %s, but to %q", role, name, passed)
}

func (v *view) focused(role, name string) {
	v.t.Helper()
	v.Until(func() error { return v.isFocused(role, name) })
}

func (v *view) isFocused(role, name string) error {
	gotRole, gotName, err := v.Focused()
	if err != nil {
		return err
	}
	if gotRole != role || !strings.HasPrefix(gotName, name) {
		return equal([]string{gotRole, gotName}, []string{role, name})
	}
	return nil
}
