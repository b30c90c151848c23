// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
)

// slowCounts answers no question but those for activities, until it may.
type slowCounts struct {
	*activitiestest.Log
	may chan struct{}
}

func (s slowCounts) wait(ctx context.Context) error {
	select {
	case <-s.may:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s slowCounts) Products(ctx context.Context, filter activities.Filter) ([]activities.ProductCount, error) {
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	return s.Log.Products(ctx, filter)
}

func (s slowCounts) Volume(ctx context.Context, filter activities.Filter, step time.Duration) ([]activities.Bar, error) {
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	return s.Log.Volume(ctx, filter, step)
}

func (s slowCounts) Groups(ctx context.Context, filter activities.Filter, limit int) ([]activities.Group, bool, error) {
	if err := s.wait(ctx); err != nil {
		return nil, false, err
	}
	return s.Log.Groups(ctx, filter, limit)
}

// Parts that come later have links to the page that they are for.
func TestPartsOfOtherPages(t *testing.T) {
	log, _ := newWeek(t)
	reader := slowCounts{log, make(chan struct{})}
	pages := New(reader, Settings{Now: clock, SoftDeadline: time.Millisecond, Timeout: 5 * time.Second})
	late := get(t, pages, "/errors?q=lock")
	require.Equal(t, http.StatusOK, late.status)
	require.Equal(t, "./errors?q=lock&wait=1", late.link("Load the errors"))
	requireSound(t, late, "/errors")
	live := get(t, pages, "/tail")
	close(reader.may)

	parts := late.all(func(n *html.Node) bool { return attrOf(n, "data-part") != "" })
	require.Len(t, parts, 2)
	require.Equal(t, "./errors?products=all&q=lock", get(t, pages, attrOf(parts[0], "data-part")).link("Show all products"))
	require.NotEmpty(t, get(t, pages, attrOf(parts[1], "data-part")).with("tr", "class", "error"))
	parts = live.all(func(n *html.Node) bool { return attrOf(n, "data-part") != "" })
	require.Len(t, parts, 1)
	require.Equal(t, "./tail?products=all", get(t, pages, attrOf(parts[0], "data-part")).link("Show all products"))
	require.NotEmpty(t, get(t, pages, late.link("Load the errors")).with("tr", "class", "error"))
}

func TestListDoesNotWaitForTheRest(t *testing.T) {
	log, _ := newWeek(t)
	reader := slowCounts{log, make(chan struct{})}
	pages := New(reader, Settings{Now: clock, SoftDeadline: time.Millisecond, Timeout: 5 * time.Second})
	doc := get(t, pages, "/?product=salesforce")
	require.Equal(t, http.StatusOK, doc.status)
	require.Len(t, doc.positions(), 50)
	parts := doc.all(func(n *html.Node) bool { return attrOf(n, "data-part") != "" })
	require.Len(t, parts, 2)
	require.Contains(t, doc.body, `<input type="hidden" name="product" value="salesforce">`, "the form hands on what was chosen")
	requireSound(t, doc, "/")
	require.Contains(t, doc.link("Load the chart"), "wait=1")

	close(reader.may)
	for _, part := range parts {
		loaded := get(t, pages, attrOf(part, "data-part"))
		require.Equal(t, http.StatusOK, loaded.status)
		require.Empty(t, loaded.all(func(n *html.Node) bool { return attrOf(n, "data-part") != "" }))
	}
	require.Contains(t, get(t, pages, attrOf(parts[0], "data-part")).products(), "salesforce")
	waited := get(t, pages, doc.link("Load the chart"))
	require.NotEmpty(t, waited.all(func(n *html.Node) bool { return n.Data == "rect" && attrOf(n, "class") == "error" }))
}

func TestListThatTakesTooLong(t *testing.T) {
	pages := New(slowList{activitiestest.New(clock)}, Settings{Now: clock, Timeout: 10 * time.Millisecond})
	doc := get(t, pages, "/?q=x")
	require.Equal(t, http.StatusGatewayTimeout, doc.status)
	require.Equal(t, "x", attrOf(doc.one("input", "id", "q"), "value"))
	require.Equal(t, http.StatusGatewayTimeout, get(t, pages, "/tail").status)
}

// slowList never has activities.
type slowList struct{ *activitiestest.Log }

func (slowList) Page(ctx context.Context, _ activities.Filter, _ activities.Slice) (activities.Page, error) {
	<-ctx.Done()
	return activities.Page{}, ctx.Err()
}

func TestChart(t *testing.T) {
	log, pages := newWeek(t)
	doc := get(t, pages, "/?last=24h")
	var bars []*html.Node
	for _, n := range doc.all(func(n *html.Node) bool { return n.Data == "a" && n.Parent.Data == "svg" }) {
		require.Equal(t, "-1", attrOf(n, "tabindex"), "the keyboard takes the table")
		bars = append(bars, n)
	}
	require.Len(t, bars, 49)
	// A bar leads to its interval, and all of them to everything in the range.
	var rows int
	for _, bar := range bars {
		rows += len(get(t, pages, attrOf(bar, "href")+"&limit=1000").positions())
	}
	page, err := log.Page(t.Context(), activities.Filter{Start: now.Add(-24 * time.Hour).Truncate(30 * time.Minute), End: now.Truncate(time.Minute).Add(time.Minute)}, activities.Slice{Limit: 1000})
	require.NoError(t, err)
	require.Len(t, page.Activities, rows)
	require.NotZero(t, rows)
	// The table has the same.
	table := doc.all(func(n *html.Node) bool { return n.Data == "th" && attrOf(n, "scope") == "row" })
	require.Len(t, table, len(bars))

	onlyErrors := get(t, pages, attrOf(doc.with("a", "class", "total")[2], "href"))
	require.Equal(t, []string{"error"}, statusesOf(onlyErrors))
	back := onlyErrors.with("a", "class", "total")[2]
	require.Equal(t, "true", attrOf(back, "aria-current"))
	require.Equal(t, doc.positions(), get(t, pages, attrOf(back, "href")).positions())
}

func statusesOf(d *document) []string {
	seen := map[string]bool{}
	var statuses []string
	for _, row := range d.all(func(n *html.Node) bool { return attrOf(n, "data-position") != "" }) {
		if status := attrOf(row, "class"); !seen[status] {
			seen[status] = true
			statuses = append(statuses, status)
		}
	}
	return statuses
}

func TestStepFor(t *testing.T) {
	for length, step := range map[time.Duration]time.Duration{
		time.Second:                5 * time.Second,
		time.Minute:                5 * time.Second,
		time.Hour:                  time.Minute,
		25 * time.Hour:             30 * time.Minute,
		171 * time.Hour:            3 * time.Hour,
		60 * 24 * time.Hour:        24 * time.Hour,
		61 * 24 * time.Hour:        48 * time.Hour,
		200 * 365 * 24 * time.Hour: 1217 * 24 * time.Hour,
	} {
		require.Equal(t, step, stepFor(length), length)
		require.LessOrEqual(t, length, maxBars*step)
	}
}
