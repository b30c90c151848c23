// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
)

// everyPage has a path for each thing that can be shown.
func everyPage(position string) []string {
	return []string{
		"/", "/?status=error&product=salesforce&product=nobody&products=all&q=lock&type=ticket_sync&integration=x&account=y&last=24h",
		"/?activity=" + position, "/?activity=1-1", "/?q=nothing-has-this", "/?older=" + position, "/?newer=" + position,
		"/?start=2026-11-26T00:00:00Z&end=2026-11-26T00:01:00Z", "/?status=bogus&tz=Nowhere&last=9d&limit=x", "/?start_date=x",
		"/?start_date=2026-11-26&start_time=x&end_time=10:00",
		"/?start=2026-03-29T02:30&end=2026-10-25T02:30&tz=Europe/Berlin", "/?object_type=ticket&object_id=40001&error_type=timeout&error_code=E1",
		"/details?activity=" + position, "/details", "/details?activity=1-1", "/details?activity=bad",
		"/timeline", "/timeline?object_type=ticket&object_id=40100", "/timeline?object_id=none",
		"/errors", "/errors?q=nothing-has-this", "/sources", "/tail", "/tail?q=nothing-has-this", "/nowhere",
	}
}

// keyOfText is what a text looks like that nobody wrote.
var keyOfText = regexp.MustCompile(`\b(shell|problem|filter|list|empty|chart|part|live|details|timeline|groups|sources|time|page|advice|known|unseen)\.[a-z_]{3,}|%!|\(MISSING\)|\(EXTRA`)

func TestEveryPageInEveryLanguage(t *testing.T) {
	log, pages := newWeek(t, hostile(now.Add(-time.Hour))...)
	page, err := log.Page(t.Context(), activities.Filter{Statuses: []string{"error"}, Products: []string{"salesforce"}}, activities.Slice{Limit: 1})
	require.NoError(t, err)
	for _, language := range messages.Languages() {
		for _, path := range everyPage(string(page.Activities[0].Position)) {
			for _, failing := range []error{nil, &activities.UnavailableError{Reason: activities.TooSlow, Err: http.ErrHandlerTimeout}} {
				log.Fail(failing)
				doc := get(t, pages, path, "Accept-Language", language.Tag)
				require.Equal(t, "text/html; charset=utf-8", doc.header.Get("Content-Type"), path)
				require.NotEqual(t, http.StatusInternalServerError, doc.status, path)
				require.Equal(t, language.Tag, attrOf(doc.one("html", "dir", "ltr"), "lang"))
				for node := range doc.root.Descendants() {
					if node.Type == html.TextNode && node.Parent.Data != "code" && keyOfText.MatchString(node.Data) {
						require.Fail(t, "a text is missing", "%s in %s: %q", path, language.Tag, node.Data)
					}
				}
				requireSound(t, doc, path)
			}
		}
	}
}

// requireSound checks what every page has to be: nothing that its Content Security Policy
// forbids, every name an id that is there once, and links that stay where they are.
func requireSound(t *testing.T, doc *document, path string) {
	t.Helper()
	ids := map[string]bool{}
	for node := range doc.root.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		for _, a := range node.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
				require.Fail(t, "an attribute that is forbidden", "%s: <%s %s>", path, node.Data, a.Key)
			case a.Key == "id":
				require.False(t, ids[a.Val], "%s: the id %s is there twice", path, a.Val)
				ids[a.Val] = true
			case a.Key == "href" && node.Data == "a", a.Key == "action":
				u, err := url.Parse(a.Val)
				require.NoError(t, err)
				if u.IsAbs() {
					require.Equal(t, "https", u.Scheme)
					require.Equal(t, "_blank", attrOf(node, "target"))
					require.Contains(t, attrOf(node, "rel"), "noopener")
					continue
				}
				require.False(t, strings.HasPrefix(u.Path, "/"), "%s: %s leaves the path of a proxy", path, a.Val)
			}
		}
	}
	for node := range doc.root.Descendants() {
		for _, name := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls"} {
			if id := attrOf(node, name); id != "" {
				require.True(t, ids[id], "%s: %s=%q leads nowhere", path, name, id)
			}
		}
	}
	requireOnlyFiles(t, doc, path)
	require.Len(t, doc.all(func(n *html.Node) bool { return n.Data == "h1" }), 1, path)
	require.Len(t, doc.all(func(n *html.Node) bool { return n.Data == "main" }), 1, path)
	title := doc.all(func(n *html.Node) bool { return n.Data == "title" && n.Parent.Data == "head" })
	require.Len(t, title, 1, path)
	require.NotEmpty(t, textOf(title[0]), path)
}

// requireOnlyFiles checks that scripts are files, and that there is nothing else that runs.
func requireOnlyFiles(t *testing.T, doc *document, path string) {
	t.Helper()
	scripts := doc.all(func(n *html.Node) bool { return n.Data == "script" || n.Data == "style" || n.Data == "iframe" })
	require.NotEmpty(t, scripts, path)
	for _, script := range scripts {
		require.Equal(t, "script", script.Data, path)
		require.Nil(t, script.FirstChild, path)
	}
}

func TestHostileTextsAreInert(t *testing.T) {
	all := hostile(now.Add(-time.Hour))
	_, pages := newWeek(t, all...)
	list := get(t, pages, "/?products=all&limit=25")
	require.Less(t, len(list.body), 300_000, "a line of 250 KB is not in the list")
	require.Contains(t, list.text(), `<script>document.title = "owned"</script>`)
	require.Empty(t, list.all(func(n *html.Node) bool { return n.Data == "img" }))
	for _, path := range []string{"/?products=all", "/errors", "/sources", "/tail"} {
		doc := get(t, pages, path)
		requireInert(t, doc, path)
	}
	for _, position := range list.positions()[:len(all)] {
		doc := get(t, pages, "/details?activity="+position)
		require.Equal(t, http.StatusOK, doc.status)
		requireInert(t, doc, position)
		requireSound(t, doc, position)
	}
	long := strings.Repeat("aVeryLongWordWithoutAnyBreak", 9_000)
	for _, position := range list.positions()[:len(all)] {
		if doc := get(t, pages, "/details?activity="+position); strings.Contains(doc.body, long) {
			return
		}
	}
	require.Fail(t, "the details have the whole of a long description")
}

// requireInert checks that no text can change how the text around it is shown. Values of
// inputs are as they were: they are not shown, and choose what has them.
func requireInert(t *testing.T, doc *document, path string) {
	t.Helper()
	require.True(t, isValid(doc.body), path)
	require.False(t, strings.ContainsRune(doc.body, 0), path)
	for node := range doc.root.Descendants() {
		if node.Type == html.TextNode {
			require.Equal(t, inert.Text(node.Data), node.Data, path)
		}
	}
}

func isValid(s string) bool { return strings.ToValidUTF8(s, "") == s }

func TestAssets(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/")
	var linked []string
	for _, n := range doc.all(func(n *html.Node) bool { return n.Data == "link" || n.Data == "script" }) {
		address := attrOf(n, "href") + attrOf(n, "src")
		require.Regexp(t, `^assets/[a-z]+\.[0-9a-f]{12}\.(css|js|svg)$`, address)
		asset := get(t, pages, address)
		require.Equal(t, http.StatusOK, asset.status)
		require.Contains(t, asset.header.Get("Cache-Control"), "immutable")
		require.NotEmpty(t, asset.body)
		linked = append(linked, "/"+address)
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(assets.byURL)), linked, "every page has every file")
	for _, wrong := range []string{"/assets/page.css", "/assets/", "/assets/..%2fpage.go"} {
		require.Equal(t, http.StatusNotFound, get(t, pages, wrong).status, wrong)
	}
}

func TestNothingIsShownHalfway(t *testing.T) {
	p := &page{Settings: Settings{}.withDefaults(), reader: activitiestest.New(clock)}
	w := httptest.NewRecorder()
	p.answer(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), func(v *visit) response {
		return show("log", struct{ *visit }{v}) // it has no form
	})
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.NotContains(t, w.Body.String(), "<html")
}

func TestOnlyReading(t *testing.T) {
	_, pages := newWeek(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequest(method, "/", http.NoBody))
		require.Equal(t, http.StatusMethodNotAllowed, w.Code)
	}
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/", http.NoBody))
	require.Equal(t, http.StatusOK, w.Code)
}

func TestTimeZones(t *testing.T) {
	at := activitiestest.WithAttributes(activities.Activity{Time: now.Add(-time.Minute), Product: "zis", Status: "info", Description: "newest", ID: "1"})
	_, pages := newWeek(t, at)
	for _, tt := range []struct{ path, cookie, want, zone string }{
		{"/", "", "Nov 27, 2026, 5:18:35 AM", "UTC"},
		{"/", "tz=Europe%2FBerlin", "Nov 27, 2026, 6:18:35 AM", "Europe/Berlin"},
		{"/", "tz=Nowhere", "Nov 27, 2026, 5:18:35 AM", "UTC"},
		{"/", "tz=%zz", "Nov 27, 2026, 5:18:35 AM", "UTC"},
		{"/?tz=America/New_York", "tz=Europe%2FBerlin", "Nov 27, 2026, 12:18:35 AM", "America/New_York"},
		{"/?tz=Asia/Kolkata", "", "Nov 27, 2026, 10:48:35 AM", "Asia/Kolkata"},
	} {
		doc := get(t, pages, tt.path, "Cookie", tt.cookie)
		times := doc.all(func(n *html.Node) bool { return n.Data == "time" })
		require.Equal(t, tt.want, textOf(times[0]))
		require.Equal(t, "2026-11-27T05:18:35Z", attrOf(times[0], "datetime"))
		require.Equal(t, tt.zone, attrOf(doc.one("html", "lang", "en"), "data-zone"))
	}
	zones := textOf(get(t, pages, "/?tz=Pacific/Pago_Pago").one("select", "id", "tz"))
	require.Contains(t, zones, "This browser's own (UTC−11) Pacific/Pago Pago (UTC−10) Pacific/Honolulu")
	require.Contains(t, zones, "(UTC) UTC")
	require.Contains(t, zones, "(UTC+5:30) Asia/Kolkata (UTC+5:45) Asia/Kathmandu (UTC+6) Asia/Dhaka")
	require.Contains(t, zones, "(UTC+7) Asia/Ho Chi Minh")
	german := get(t, pages, "/?tz=Europe/Berlin", "Accept-Language", "de-CH")
	require.Contains(t, german.text(), "27. Nov. 2026, 06:18:35")
}
