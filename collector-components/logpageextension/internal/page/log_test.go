// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
)

func TestListHasWhatZendesksPageHas(t *testing.T) {
	_, pages := newWeek(t, activities.Activity{
		Time: now.Add(-time.Second), Product: "sunshine-conversations", Status: "warning", Description: "A sentence", ID: "1",
	})
	doc := get(t, pages, "/")
	row := doc.all(func(n *html.Node) bool { return attrOf(n, "data-position") != "" })[0]
	require.Equal(t, "Nov 27, 2026, 5:19:34 AM Messaging, social channels and Sunshine Conversations API Warning A sentence", textOf(row))
	for _, header := range []string{"Date and time", "Product", "Status", "Description", "Apply filters", "Start date", "End date", "Start time", "End time"} {
		require.Contains(t, doc.text(), header)
	}
	require.Len(t, doc.positions(), 50)
	require.Contains(t, doc.header.Get("Vary"), "Accept-Language")
}

func TestProductMenu(t *testing.T) {
	at := func(product, status string) activities.Activity {
		return activities.Activity{Time: now.Add(-time.Hour), Product: product, Status: status, ID: product + status}
	}
	log := activitiestest.New(clock, at("zis", "error"), at("zis", "info"), at("shopify", "info"), at("actions", "warning"))
	pages := newPages(log)
	require.Equal(t, []string{"zis"}, get(t, pages, "/").products())
	require.Equal(t, []string{"zis"}, get(t, pages, "/?status=info&q=none").products(), "whatever else is chosen")

	all := get(t, pages, get(t, pages, "/").link("Show all products"))
	require.Equal(t, []string{"actions", "shopify", "zis"}, all.products())
	require.Equal(t, []string{"zis"}, get(t, pages, all.link("Show only products with errors")).products())

	chosen := get(t, pages, "/?product=shopify")
	require.Equal(t, []string{"zis", "shopify"}, chosen.products())
	require.Contains(t, chosen.text(), "Selected, without errors in this time")

	quiet := get(t, pages, "/?last=15m")
	require.Empty(t, quiet.products())
	require.Contains(t, quiet.text(), "No product had errors in this time.")
}

func TestFilterReachesTheReader(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/?product=salesforce&status=error&last=24h&limit=25")
	rows := doc.all(func(n *html.Node) bool { return attrOf(n, "data-position") != "" })
	require.Len(t, rows, 25)
	for _, row := range rows {
		require.Contains(t, textOf(row), "Salesforce Error")
	}
	older := get(t, pages, doc.link("Older"))
	require.NotContains(t, older.positions(), doc.positions()[0])
	require.Equal(t, doc.positions(), get(t, pages, older.link("Newer")).positions())
	require.Equal(t, doc.positions(), get(t, pages, older.link("Newest")).positions())

	without := get(t, pages, doc.link("Remove filter: Product Salesforce"))
	require.NotEqual(t, doc.positions(), without.positions())
	require.Empty(t, get(t, pages, doc.link("Reset filters")).with("a", "class", "chip"))
	require.Equal(t, "api/v1/export?format=csv&last=24h&product=salesforce&status=error&tz=UTC", doc.link("CSV"))
}

func TestFormBecomesShorterURL(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/?q=&start_date=2026-11-26&start_time=10%3A00&end_date=2026-11-26&end_time=10%3A30&tz=Europe%2FBerlin&older=1-1&status=error&lang=")
	require.Equal(t, http.StatusSeeOther, doc.status)
	require.Equal(t, "./?end=2026-11-26T09%3A31%3A00Z&start=2026-11-26T09%3A00%3A00Z&status=error&tz=Europe%2FBerlin", doc.location)

	shown := get(t, pages, doc.location)
	for id, value := range map[string]string{"start_date": "2026-11-26", "start_time": "10:00", "end_date": "2026-11-26", "end_time": "10:30"} {
		require.Equal(t, value, attrOf(shown.one("input", "id", id), "value"))
	}
}

func TestWrongFilterIsSaidAndKept(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/?start_date=2026-11-26&start_time=10:00&end_date=2026-11-26&end_time=09:00&status=error")
	require.Equal(t, http.StatusBadRequest, doc.status)
	require.Contains(t, doc.text(), "The end lies before the start.")
	require.Equal(t, "09:00", attrOf(doc.one("input", "id", "end_time"), "value"))
	require.NotEmpty(t, doc.positions())

	bad := get(t, pages, "/?end_date=26.11.2026")
	require.Equal(t, "true", attrOf(bad.one("input", "id", "end_date"), "aria-invalid"))
	require.Contains(t, textOf(bad.one("span", "id", "end_date-error")), "26.11.2026")

	lost := get(t, pages, "/?older=not-a-place&status=error")
	require.Equal(t, http.StatusBadRequest, lost.status)
	require.Contains(t, lost.text(), "The link leads to a place in the log that does not exist.")
	require.NotEmpty(t, lost.positions())
}

func TestSearchThatCannotBe(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/?q=a%00&status=error")
	require.Contains(t, doc.text(), "The text contains a control character")
	require.Equal(t, get(t, pages, "/?status=error").positions(), doc.positions())
	pasted := get(t, pages, "/?q=%09record%0Ais%0D%0A")
	require.Equal(t, "record is", attrOf(pasted.one("input", "id", "q"), "value"))
	require.NotEmpty(t, pasted.positions())
}

func TestChangedClocksAreSaid(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/?start=2026-03-29T02:30&end=2026-10-25T02:30&tz=Europe/Berlin")
	require.Contains(t, doc.text(), "On Mar 29, 2026 the clock is put forward from 2:00:00 AM to 3:00:00 AM")
	require.Contains(t, doc.text(), "On Oct 25, 2026 the time 2:29:00 AM happens twice: the range ends with the second (CET).")
}

// The page of a store that cannot be read is a whole page, which says so and keeps the filter.
func TestStoreThatCannotBeRead(t *testing.T) {
	log, pages := newWeek(t)
	for _, tt := range []struct {
		err    error
		status int
		want   string
	}{
		{&activities.UnavailableError{Reason: activities.Unreachable, Err: errors.New("dial tcp 10.0.0.7:3100")}, http.StatusServiceUnavailable, "does not answer"},
		{&activities.UnavailableError{Reason: activities.Refused, Err: errors.New("dial tcp 10.0.0.7:3100")}, http.StatusBadGateway, "refused"},
		{&activities.UnavailableError{Reason: activities.TooSlow, Err: errors.New("dial tcp 10.0.0.7:3100")}, http.StatusGatewayTimeout, "in time"},
		{errors.New("dial tcp 10.0.0.7:3100"), http.StatusInternalServerError, "fault"},
	} {
		log.Fail(tt.err)
		for _, path := range []string{"/", "/errors", "/tail", "/timeline", "/details"} {
			doc := get(t, pages, path+"?product=salesforce&q=lock&last=24h&object_id=1&activity=1-1")
			require.Equal(t, tt.status, doc.status, path)
			require.Contains(t, doc.text(), tt.want, path)
			require.NotContains(t, doc.body, "10.0.0.7", "what the store says is none of a viewer's business")
			requireSound(t, doc, path)
			if path == "/" || path == "/errors" || path == "/tail" {
				require.Equal(t, "lock", attrOf(doc.one("input", "id", "q"), "value"))
				require.Contains(t, doc.body, `name="product" value="salesforce"`, "the form hands it on")
			}
		}
		sources := get(t, pages, "/sources")
		require.Equal(t, tt.status, sources.status)
		require.Contains(t, sources.text(), "Not connected, trying again", "the receivers' state is known without the store")
		for _, part := range []string{"/chart", "/choices", "/pane?activity=1-1"} {
			require.Equal(t, tt.status, get(t, pages, part).status, part)
		}
	}
	log.Fail(nil)
	require.Equal(t, http.StatusOK, get(t, pages, "/").status)
}

func TestEmptyListSaysWhy(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/?q=nothing-has-this&status=error&last=24h")
	require.Contains(t, doc.text(), "No activities here")
	require.NotEmpty(t, get(t, pages, doc.link("Show all seven days")).body)
	require.Contains(t, doc.link("Look at the sources"), "sources")
	require.Len(t, doc.with("a", "class", "chip"), 4, "each filter, above the list and in it")

	empty := newPages(activitiestest.New(clock))
	require.Contains(t, get(t, empty, "/").text(), "empty is not healthy")
}

// Pages through many activities of one nanosecond have neither doubles nor gaps.
func TestPagesThroughEqualTimes(t *testing.T) {
	const many = 5_000
	var all []activities.Activity
	for i := range many {
		all = append(all, activities.Activity{Time: now.Add(-time.Hour), Product: "zis", Status: "info", Description: "the same", ID: strconv.Itoa(i)})
	}
	pages := newPages(activitiestest.New(clock, all...))
	seen := map[string]bool{}
	doc := get(t, pages, "/?limit=1000")
	for {
		for _, position := range doc.positions() {
			require.False(t, seen[position])
			seen[position] = true
		}
		if len(seen) == many {
			break
		}
		doc = get(t, pages, doc.link("Older"))
	}
	for range many/1000 - 1 {
		doc = get(t, pages, doc.link("Newer"))
	}
	require.Equal(t, get(t, pages, "/?limit=1000").positions(), doc.positions())
}

func BenchmarkLog(b *testing.B) {
	pages := newPages(activitiestest.New(clock, activitiestest.Week(now)...))
	for b.Loop() {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?status=error", http.NoBody))
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
