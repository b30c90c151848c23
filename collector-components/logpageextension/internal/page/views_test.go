// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
)

func locked(id string, at time.Time) activities.Activity {
	return activitiestest.WithAttributes(activities.Activity{
		Time: at, Product: "zis", Status: "error", Description: "It is locked <b>", Type: "flow_run", Evidence: "reported",
		Integration: "jira", Account: "acme", ID: id, ObjectType: "ticket", ObjectID: "4711",
		ErrorType: "conflict", ErrorCode: "LOCK", ErrorMessage: "who has it?", HTTPStatusCode: 409,
	})
}

func TestDetails(t *testing.T) {
	log := activitiestest.New(clock, locked("1", now.Add(-time.Hour)), locked("2", now.Add(-2*time.Hour)))
	pages := newPages(log)
	list := get(t, pages, "/?status=error")
	row := list.link("It is locked <b>")
	require.True(t, strings.HasSuffix(row, "#details"))

	doc := get(t, pages, strings.TrimSuffix(row, "#details"))
	pane := textOf(doc.one("section", "id", "details"))
	for _, want := range []string{
		"It is locked <b>", "Nov 27, 2026, 4:19:35 AM", "2026-11-27 04:19:35 UTC", "Flow run", "jira", "acme", "Ticket 4711", "Reported",
		"Conflict", "LOCK", "409", "who has it?", "activity_object_id", "What to do",
	} {
		require.Contains(t, pane, want)
	}
	opened := doc.one("tr", "class", "opened")
	require.Equal(t, list.positions()[0], attrOf(opened, "data-position"))
	require.Equal(t, list.positions(), get(t, pages, doc.link("Close details")).positions())
	require.Len(t, get(t, pages, doc.link("All with this error")).positions(), 2)
	require.Contains(t, get(t, pages, doc.link("Link to this activity")).text(), "who has it?")
	require.Equal(t, "https://acme.zendesk.com/agent/tickets/4711", doc.link("Ticket in Zendesk (opens in a new tab)"))

	timeline := get(t, pages, doc.link("All activities of this object"))
	require.Contains(t, timeline.text(), "Timeline of Ticket 4711")
	require.Len(t, timeline.with("li", "class", "error"), 2)

	gone := get(t, pages, "/?activity=1-1")
	require.Equal(t, http.StatusOK, gone.status, "the list is there")
	require.Contains(t, gone.text(), "not in the log any more")
	require.Equal(t, http.StatusNotFound, get(t, pages, "/details?activity=1-1").status)
	require.Equal(t, http.StatusNotFound, get(t, pages, "/pane").status)
	require.Equal(t, http.StatusBadRequest, get(t, pages, "/details?activity=bad").status)
}

func TestErrorsByKind(t *testing.T) {
	log := activitiestest.New(clock)
	for i := range 7 {
		log.Add(locked(string(rune('a'+i)), now.Add(-time.Duration(i)*time.Minute-time.Minute)))
	}
	other := locked("other", now.Add(-time.Hour))
	other.ErrorCode = "OTHER"
	log.Add(other)
	pages := newPages(log)
	doc := get(t, pages, "/errors")
	rows := doc.with("tr", "class", "error")
	require.Len(t, rows, 2)
	require.Contains(t, textOf(rows[0]), "7 Error Conflict LOCK HTTP 409 What to do")
	require.Contains(t, textOf(rows[0]), "Private ZIS integrations")
	require.Len(t, get(t, pages, doc.link("Conflict")).positions(), 7)

	for i := range maxGroups {
		another := locked(strconv.Itoa(i), now.Add(-time.Hour))
		another.ErrorCode = string(rune('Ā' + i))
		log.Add(another)
	}
	require.Contains(t, get(t, pages, "/errors").text(), "There are more kinds")
}

// What is behind the link of a group is what was counted, also where it lacks what others
// have.
func TestEveryGroupLeadsToWhatItCounts(t *testing.T) {
	log := activitiestest.New(clock, activitiestest.Week(now)...)
	number := 0
	add := func(count int, change func(*activities.Activity)) {
		for range count {
			number++
			a := locked(strconv.Itoa(number), now.Add(-time.Duration(number)*time.Second))
			change(&a)
			log.Add(activitiestest.WithAttributes(a))
		}
	}
	add(3, func(*activities.Activity) {})
	add(2, func(a *activities.Activity) { a.HTTPStatusCode = 502 })
	add(4, func(a *activities.Activity) { a.HTTPStatusCode = 503 })
	add(5, func(a *activities.Activity) { a.HTTPStatusCode = 0 })
	add(6, func(a *activities.Activity) { a.ErrorCode = "" })
	add(7, func(a *activities.Activity) { a.ErrorCode = "none" })
	add(8, func(a *activities.Activity) { a.ErrorType = "" })
	add(9, func(a *activities.Activity) { a.ErrorType, a.ErrorCode, a.HTTPStatusCode = "", "", 0 })
	add(10, func(a *activities.Activity) { a.Type = "" })
	add(11, func(a *activities.Activity) { a.Integration = "" })
	add(12, func(a *activities.Activity) { a.Status = "warning" })
	pages := newPages(log)
	for _, path := range []string{"/errors", "/errors?last=24h&account=acme&q=locked", "/errors?status=warning", "/errors?without=error_code"} {
		doc := get(t, pages, path)
		rows := doc.all(func(n *html.Node) bool { return n.Data == "tr" && attrOf(n, "class") != "" })
		require.NotEmpty(t, rows)
		for _, row := range rows {
			group := document{T: t, root: row}
			count := textOf(group.all(func(n *html.Node) bool { return n.Data == "b" })[0])
			link := attrOf(group.all(func(n *html.Node) bool { return n.Data == "a" })[0], "href")
			require.Len(t, get(t, pages, link+"&limit=1000").positions(), mustNumber(t, count), "%s: %s", textOf(row), link)
		}
	}
	doc := get(t, pages, "/?error_type=conflict&http_status_code=502&without=integration&without=type")
	for _, chip := range []string{"HTTP status 502", "Without Integration", "Without Type"} {
		require.Contains(t, doc.text(), chip)
		require.NotContains(t, get(t, pages, doc.link("Remove filter: "+chip)).text(), chip)
	}
	require.Contains(t, get(t, pages, "/?without=luck&http_status_code=many").text(), "luck is nothing")

	opened := get(t, pages, "/?activity="+get(t, pages, "/?http_status_code=503").positions()[0])
	require.Len(t, get(t, pages, opened.link("All with this error")).positions(), 4)
}

func mustNumber(t *testing.T, text string) int {
	t.Helper()
	number, err := strconv.Atoi(text)
	require.NoError(t, err)
	return number
}

func TestSources(t *testing.T) {
	unheard, bot := locked("2", now.Add(-time.Hour)), locked("3", now.Add(-time.Hour))
	unheard.Product, bot.Product = "sunshine-conversations", "bot-builder"
	log := activitiestest.New(clock, locked("1", now.Add(-time.Hour)), unheard, bot, activities.Activity{Time: now.Add(-50 * time.Hour), Product: "own", Status: "info", ID: "1"})
	doc := get(t, newPages(log), "/sources")
	source := map[string]string{}
	for _, n := range doc.all(func(n *html.Node) bool { return n.Data == "article" }) {
		text := textOf(n)
		for _, name := range []string{"Salesforce", "Shopify", "Private ZIS integrations", "Bot builder for messaging", "Webhooks", "own", "Messaging,"} {
			if strings.HasPrefix(text, name+" ") {
				source[name] = text
			}
		}
	}
	require.Contains(t, source["Salesforce"], "Not connected, trying again")
	require.Contains(t, source["Salesforce"], "the session has expired")
	require.Contains(t, source["Shopify"], "On Waiting for calls")
	require.Contains(t, source["Shopify"], "an empty log is not a healthy product")
	require.Contains(t, source["Private ZIS integrations"], "Last received 1 hour ago")
	require.Contains(t, source["Private ZIS integrations"], "1 of 1 (100%)")
	require.Contains(t, source["Private ZIS integrations"], "Nothing succeeded")
	require.Contains(t, source["Messaging,"], "Last success Successes are not published. Errors in 24 hours 1 Collecting")
	require.Contains(t, source["Bot builder for messaging"], "Last success No success is logged: the bot logs one only where its success branch has a log step. Errors in 24 hours 1 Collecting")
	require.Contains(t, source["Bot builder for messaging"], "BOT_BUILDER_TOKEN")
	require.Contains(t, source["Bot builder for messaging"], "What cannot be seen")
	require.Contains(t, source["own"], "Not of this collector")
	require.Contains(t, source["own"], "Quiet")
	require.Equal(t, "Salesforce", textOf(doc.all(func(n *html.Node) bool { return n.Data == "h2" })[0]), "what needs attention comes first")
}

func TestShorten(t *testing.T) {
	short, cut := shorten("äöü", 3)
	require.Equal(t, "äöü", short)
	require.False(t, cut)
	short, cut = shorten("äö ü", 3)
	require.Equal(t, "äö…", short)
	require.True(t, cut)
}

func TestNothingIsOn(t *testing.T) {
	pages := New(activitiestest.New(clock), Settings{Now: clock, Components: fixedComponents{{Product: "zis"}}})
	require.Contains(t, get(t, pages, "/").text(), "No product is switched on in this collector")
}

// The zone and the language are set where the viewer is.
func TestSettingsKeepThePage(t *testing.T) {
	_, pages := newWeek(t)
	for path, action := range map[string]string{
		"/?q=a": "./", "/tail": "./tail", "/errors": "./errors", "/sources": "./sources", "/timeline?object_id=1": "./timeline", "/nowhere": "./",
	} {
		doc := get(t, pages, path)
		form := doc.one("form", "class", "sheet")
		require.Equal(t, action, attrOf(form, "action"))
	}
	require.Contains(t, get(t, pages, "/?q=a&lang=fr").link("Erreurs par catégorie"), "lang=fr&q=a")
}
