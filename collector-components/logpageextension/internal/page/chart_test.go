// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// The chart's title, its axis and its bars end a range at the same minute as the form does,
// and what a bar leads to has the title that the bar has.
func TestTheChartTellsOneRange(t *testing.T) {
	_, pages := newWeek(t)
	for path, want := range map[string]string{
		"/?last=24h": "Nov 26, 2026, 5:00 AM to Nov 27, 2026, 5:19 AM",
		"/?start=2026-11-26T08:00:00Z&end=2026-11-26T11:00:00Z": "Nov 26, 2026, 8:00 AM to Nov 26, 2026, 10:59 AM",
		"/?start=2026-11-01T00:00:00Z&end=2026-12-31T00:00:00Z": "Nov 1, 2026, 12:00 AM to Dec 30, 2026, 11:59 PM",
	} {
		chart := chartOf(get(t, pages, path))
		require.Equal(t, want, textOf(chart.one("p", "class", "about")))
		axis := chart.all(func(n *html.Node) bool { return n.Data == "span" && attrOf(n.Parent, "class") == "axis" })
		require.Contains(t, want, textOf(axis[0]))
		require.Contains(t, want, textOf(axis[2]))
		bars := chart.all(func(n *html.Node) bool { return n.Data == "a" && n.Parent.Data == "th" })
		require.Greater(t, len(bars), 10)
		for _, bar := range []*html.Node{bars[0], bars[len(bars)-1]} {
			require.Equal(t, textOf(bar), textOf(chartOf(get(t, pages, attrOf(bar, "href"))).one("p", "class", "about")))
		}
	}
}

func chartOf(doc *document) *document {
	return &document{T: doc.T, root: doc.one("section", "class", "chart")}
}
