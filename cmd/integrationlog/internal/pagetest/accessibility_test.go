// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"fmt"
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// axeFile is where npm puts axe-core.
const axeFile = "node_modules/axe-core/axe.min.js"

// screens are what the page is looked at with.
var screens = []struct {
	name string
	browser.Visitor
}{
	{"desktop, light", browser.Visitor{}},
	{"desktop, dark", browser.Visitor{Dark: true}},
	{"phone, light", browser.Visitor{Phone: true}},
	{"phone, dark", browser.Visitor{Phone: true, Dark: true}},
}

// axe-core finds nothing against a page, and no page is wider than the screen. That of an
// error is looked at where the store is away.
func testAccessibility(t *testing.T, w *world) {
	t.Helper()
	failed := w.log.chosen(choice{errorCode: "amount_too_large"})[0]
	position := w.ask(t, url.Values{"error_code": {"amount_too_large"}, "limit": {"1"}}).Activities[0].Position
	pages := []struct {
		name, path string
		query      url.Values
		shows      string
		// everywhere is set for what is looked at with every screen.
		everywhere bool
	}{
		{"list", "/", url.Values{"limit": {"25"}}, w.log[0].Description, true},
		{"details beside the list", "/", url.Values{"activity": {position}, "limit": {"25"}}, failed.ID, true},
		{"empty", "/", url.Values{"q": {"nothing like this"}}, "No activities here", true},
		{"filtered list", "/", url.Values{"status": {"error"}, "product": {"zis"}, "q": {"ticket"}, "products": {"all"}, "limit": {"25"}}, "Reset filters", false},
		{"details", "/details", url.Values{"activity": {position}}, failed.ID, false},
		{"wrong", "/", url.Values{"start_date": {"2026-02-31"}, "start_time": {"1:00"}, "limit": {"25"}}, "Apply filters", false},
		{"timeline", "/timeline", url.Values{"object_type": {"ticket"}, "object_id": {"40007"}}, "40007", false},
		{"errors by kind", "/errors", url.Values{"product": {"zis"}}, "Errors by kind", false},
		{"sources", "/sources", nil, "Shopify", false},
		{"live", "/tail", url.Values{"limit": {"25"}}, w.log[0].Description, false},
		{"not found", "/nowhere", nil, "There is no such page", false},
	}
	for i, screen := range screens {
		t.Run(screen.name, func(t *testing.T) {
			v := w.open(t, screen.Visitor, "/", url.Values{"limit": {"25"}})
			for _, page := range pages {
				if i > 0 && !page.everywhere {
					continue
				}
				v.Go(w.address(page.path, page.query))
				v.says(page.shows)
				v.isAccessible(page.name)
			}
		})
	}
	t.Run("open menus", func(t *testing.T) {
		v := w.open(t, browser.Visitor{Dark: true}, "/", url.Values{"limit": {"25"}})
		for _, label := range []string{"Status", "Product", "Type", "Time zone and language"} {
			v.menu(label, func() { assert.Empty(t, v.violations("details[open]"), label) })
		}
	})
	t.Run("axe finds faults", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", url.Values{"limit": {"25"}})
		browser.MustEval[bool](v.Tab, `document.body.insertAdjacentHTML("beforeend", "<main><img src='data:,'><p><a href='#x'></a></p></main>"), true`)
		assert.NotEmpty(t, v.violations("body"))
	})
}

// isAccessible requires that axe-core has nothing against the page, and that nobody has to
// scroll to its side.
func (v *view) isAccessible(name string) {
	v.t.Helper()
	assert.Empty(v.t, v.violations("html"), name)
	assert.LessOrEqual(v.t, browser.MustEval[float64](v.Tab, "document.documentElement.scrollWidth - innerWidth"), 0.0, "%s is wider than the screen", name)
}

// violations runs axe-core over a part of the page, with the rules of WCAG 2.2 AA and of
// best practice.
func (v *view) violations(part string) []string {
	v.t.Helper()
	source, err := os.ReadFile(axeFile)
	require.NoError(v.t, err, "axe-core is missing: run npm ci here, or make test-page")
	// What a page may load is the page's affair; a test brings what it needs.
	browser.MustEval[bool](v.Tab, "window.axe ? true : (() => {"+string(source)+"\nreturn true })()")
	type node struct{ HTML, Summary string }
	found, err := browser.Eval[[]struct {
		ID, Help string
		Nodes    []node
	}](v.Tab, fmt.Sprintf(`axe.run(%q, {
		resultTypes: ["violations"],
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	}).then(result => result.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.map(n => ({HTML: n.html.slice(0, 300), Summary: n.failureSummary}))})))`, part))
	require.NoError(v.t, err)
	var texts []string
	for _, one := range found {
		for _, n := range one.Nodes[:min(3, len(one.Nodes))] {
			texts = append(texts, fmt.Sprintf("%s (%s), %d times: %s: %s", one.ID, one.Help, len(one.Nodes), n.HTML, n.Summary))
		}
	}
	return texts
}
