// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// A click on a row opens what is known of it beside the list, and leads on from there.
func testDetails(t *testing.T, w *world) {
	t.Helper()
	of := choice{errorCode: "UNABLE_TO_LOCK_ROW"}
	locked := w.log.chosen(of)
	require.Greater(t, len(locked), 10)
	query := of.query()
	query.Set("limit", "250")
	v := w.open(t, browser.Visitor{}, "/", query)
	v.shows(locked, perPage)
	list := v.Address()

	a := locked[3]
	v.Find("link", a.Description).Click()
	v.says(
		"Details", a.Description, "Error", "Salesforce", a.Time.In(london).Format(shownTime), a.Time.UTC().Format("2006-01-02 15:04:05.999999999 UTC"),
		"Ticket sync", org, "Observed", "the effect of the work was seen", a.ID, "Conflict", "UNABLE_TO_LOCK_ROW", "400", a.Error.Message, "Ticket "+a.ObjectID,
	)
	v.shows(locked, perPage)
	assert.Contains(t, v.Address(), "activity=")

	// Whoever gets the address sees the same, in their own time zone.
	other := w.visit(t, browser.Visitor{Zone: "Asia/Tokyo"}, v.Address())
	other.says(a.ID, a.Time.In(zone(t, "Asia/Tokyo")).Format(shownTime))

	// It can be closed.
	v.Find("link", "Close details").Click()
	v.Until(func() error { return closed(v) })
	assert.Equal(t, list, v.Address())
	v.shows(locked, perPage)

	// It leads to all activities of the object.
	v.Find("link", a.Description).Click()
	v.Find("link", "All activities of this object").Follow()
	want := w.log.chosen(choice{objectType: "ticket", objectID: a.ObjectID})
	require.Greater(t, len(want.count(slugOf)), 2, "several products have worked at it")
	v.Until(func() error {
		texts, err := browser.Eval[[]string](v.Tab, `[...document.querySelectorAll(".timeline li a")].map(a => a.textContent.trim())`)
		if err == nil {
			err = equal(texts, descriptions(want))
		}
		return err
	})
	v.Back()

	// It leads to all with this error.
	v.Find("link", "All with this error").Follow()
	v.shows(w.log.chosen(choice{products: []string{"salesforce"}, errorType: "conflict", errorCode: "UNABLE_TO_LOCK_ROW"}), 50)
	t.Run("all attributes", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", query)
		v.Find("link", a.Description).Click()
		v.summary("All attributes").Click()
		v.says("activity_id", "integration_account", "http_response_status_code", "service_namespace")
	})
	t.Run("gone", func(t *testing.T) {
		status, body := w.get(t, "/details", url.Values{"activity": {"nothing"}})
		assert.GreaterOrEqual(t, status, 400)
		assert.NotContains(t, string(body), "panic")
		status, _ = w.get(t, "/", url.Values{"older": {"nothing"}})
		assert.Equal(t, 400, status)
	})
	t.Run("grouped", func(t *testing.T) { testGroups(t, w) })
}

// The same error is one line with its count, most frequent first.
func testGroups(t *testing.T, w *world) {
	t.Helper()
	type group struct {
		product        activity.Product
		status         activity.Status
		kind, name, cd string
		code           int
	}
	want := map[group]int{}
	in := choice{start: w.now.Add(-30 * time.Hour)}
	for _, a := range w.log.chosen(in) {
		if a.Status == activity.Error || a.Status == activity.Warning {
			failure := activity.Failure{}
			if a.Error != nil {
				failure = *a.Error
			}
			want[group{a.Product, a.Status, string(failure.Type), a.IntegrationName, failure.Code, a.HTTPStatusCode}]++
		}
	}
	v := w.open(t, browser.Visitor{}, "/errors", in.query())
	var counts []string
	v.Until(func() (err error) {
		counts, err = browser.Eval[[]string](v.Tab, `[...document.querySelectorAll("table.groups tbody tr")].map(tr => tr.cells[0].innerText.trim() + " " + tr.cells[3].innerText.split("\n")[0].trim() + " " + tr.cells[1].innerText.trim())`)
		return err
	})
	var wanted []string
	for g, n := range want {
		wanted = append(wanted, strings.Join([]string{itoa(n), productNames[g.product], statusNames[g.status]}, " "))
	}
	assert.ElementsMatch(t, wanted, counts)
}

func descriptions(l ledger) []string {
	texts := make([]string, len(l))
	for i := range l {
		texts[i] = l[i].Description
	}
	return texts
}
