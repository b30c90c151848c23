// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
)

// now is when all tests of pages take place.
var now = time.Date(2026, time.November, 27, 5, 19, 35, 0, time.UTC)

func clock() time.Time { return now }

// newWeek returns a log with a week in it, and its pages.
func newWeek(t *testing.T, more ...activities.Activity) (*activitiestest.Log, http.Handler) {
	t.Helper()
	log := activitiestest.New(clock, activitiestest.Week(now)...)
	log.Add(more...)
	return log, newPages(log)
}

func newPages(reader activities.Reader) http.Handler {
	return New(reader, Settings{Now: clock, Components: components()})
}

// document is an answer, read as a browser does.
type document struct {
	*testing.T
	status   int
	header   http.Header
	body     string
	location string
	root     *html.Node
}

// get asks for a page. A header is a name and a value.
func get(t *testing.T, handler http.Handler, path string, header ...string) *document {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	u, err := url.Parse(path)
	require.NoError(t, err)
	r.URL = u
	if !strings.HasPrefix(u.Path, "/") {
		u.Path = "/" + strings.TrimPrefix(u.Path, "./")
	}
	if len(header) > 0 {
		r.Header.Set(header[0], header[1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	require.NoError(t, err)
	return &document{t, w.Code, w.Header(), w.Body.String(), w.Header().Get("Location"), root}
}

// all returns the elements for which a function is true.
func (d *document) all(is func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for node := range d.root.Descendants() {
		if node.Type == html.ElementNode && is(node) {
			found = append(found, node)
		}
	}
	return found
}

// with returns the elements of a name with a value of an attribute.
func (d *document) with(name, attr, value string) []*html.Node {
	return d.all(func(n *html.Node) bool {
		return n.Data == name && slices.Contains(strings.Fields(attrOf(n, attr)), value)
	})
}

// one returns the only such element.
func (d *document) one(name, attr, value string) *html.Node {
	d.Helper()
	found := d.with(name, attr, value)
	require.Len(d, found, 1, "<%s %s=%q>", name, attr, value)
	return found[0]
}

// link returns where a link with a text leads.
func (d *document) link(linkText string) string {
	d.Helper()
	for _, n := range d.all(func(n *html.Node) bool { return n.Data == "a" }) {
		if textOf(n) == linkText {
			return attrOf(n, "href")
		}
	}
	require.Fail(d, "no link", linkText)
	return ""
}

func (d *document) positions() []string {
	var positions []string
	for _, row := range d.all(func(n *html.Node) bool { return n.Data == "tr" }) {
		if position := attrOf(row, "data-position"); position != "" {
			positions = append(positions, position)
		}
	}
	return positions
}

// products returns the choices of the menu of products.
func (d *document) products() []string {
	d.Helper()
	var choices []string
	for node := range d.one("details", "data-menu", "product").Descendants() {
		if node.Type == html.ElementNode && node.Data == "input" {
			choices = append(choices, attrOf(node, "value"))
		}
	}
	return choices
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// textOf is the text of an element, with single spaces.
func textOf(n *html.Node) string {
	var b strings.Builder
	for node := range n.Descendants() {
		if node.Type == html.TextNode {
			b.WriteString(node.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (d *document) text() string { return textOf(d.root) }
