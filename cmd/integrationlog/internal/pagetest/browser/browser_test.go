// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const bad = `<!doctype html><html lang="en"><title>bad</title>
<script src="https://elsewhere.example/x.js"></script><img src="https://tracker.example/pixel" alt="">
<script>alert("hello"); undefinedFunction()</script>`

const form = `<!doctype html><html lang="en"><title>form</title>
<form><label>Search <input name="q" value="old"></label><label>Day <input name="day" type="date"></label>
<button>Go</button><button hidden>Secret</button></form>
<ul><li>one</li></ul><script>document.body.dataset.ran = "yes"</script>`

// What no page may do is noticed; everything else is none of it.
func TestBrowser(t *testing.T) {
	mux := http.NewServeMux()
	serve := func(path, policy, html string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if policy != "" {
				w.Header().Set("Content-Security-Policy", policy)
			}
			_, _ = w.Write([]byte(html))
		})
	}
	serve("/bad", "", bad)
	serve("/forbidden", "default-src 'none'", `<p onclick="x()" style="color: red">text</p>`)
	serve("/form", "", form)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	b := Start(t)

	t.Run("faults", func(t *testing.T) {
		tab := b.tab(t, Visitor{})
		tab.Go(server.URL + "/bad")
		tab.Until(func() error {
			return missing(tab.Faults(), "a dialog: hello", "elsewhere.example", "tracker.example", "undefinedFunction")
		})
		tab.Go(server.URL + "/forbidden")
		tab.Until(func() error { return missing(tab.Faults(), "a violation: ") })
	})
	t.Run("no script", func(t *testing.T) {
		tab := b.tab(t, Visitor{NoScript: true})
		tab.Go(server.URL + "/bad")
		assert.NotContains(t, strings.Join(tab.Faults(), " "), "dialog")
		tab.Go(server.URL + "/form")
		assert.Empty(t, MustEval[string](tab, "document.body.dataset.ran || ''"))
	})
	t.Run("use", func(t *testing.T) {
		tab := b.Open(t, Visitor{Zone: "America/Toronto"}, server.URL+"/form")
		assert.Equal(t, "yes", MustEval[string](tab, "document.body.dataset.ran"))
		assert.Equal(t, "America/Toronto", MustEval[string](tab, "Intl.DateTimeFormat().resolvedOptions().timeZone"))
		hidden, err := tab.All("button", "Secret")
		require.NoError(t, err)
		assert.Empty(t, hidden)
		tab.Find("textbox", "Search").Type("new")
		tab.Press(kb.Tab)
		tab.Find("Date", "Day").Set("2026-11-27")
		tab.Find("button", "Go").Click()
		tab.Until(func() error { return missing([]string{tab.Address()}, "?q=new&day=2026-11-27") })
		tab.Back()
		assert.True(t, strings.HasSuffix(tab.Address(), "/form"))
		tab.Go(server.URL + "/form")
		tab.Press(kb.Tab)
		role, name, err := tab.Focused()
		require.NoError(t, err)
		assert.Equal(t, "textbox Search", role+" "+strings.TrimSpace(name))
	})
}

// missing says which of the texts are in none of the others.
func missing(all []string, texts ...string) error {
	for _, text := range texts {
		if !strings.Contains(strings.Join(all, "\n"), text) {
			return &missingError{text, all}
		}
	}
	return nil
}

type missingError struct {
	text string
	all  []string
}

func (e *missingError) Error() string { return e.text + " is in none of " + strings.Join(e.all, "; ") }
