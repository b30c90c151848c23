// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// The names that people see: those of Zendesk's own page.
var (
	productNames = map[activity.Product]string{
		activity.Salesforce: "Salesforce", activity.Shopify: "Shopify", activity.BotBuilder: "Bot builder for messaging", activity.Actions: "Actions",
		activity.Webhooks: "Webhooks", activity.ZIS: "Private ZIS integrations",
		activity.SunshineConversations: "Messaging, social channels and Sunshine Conversations API",
	}
	statusNames = map[activity.Status]string{activity.Info: "Info", activity.Warning: "Warning", activity.Error: "Error", activity.Debug: "Debug"}
)

// view is the page of the log in a tab.
type view struct {
	*browser.Tab

	t *testing.T
	w *world
	// script is set where the page's scripts run.
	script bool
}

// open opens a page with a filter; nil is none. The visitor has been here before.
func (w *world) open(t *testing.T, visitor browser.Visitor, path string, query url.Values) *view {
	t.Helper()
	if !visitor.NoScript {
		visitor.Cookies = map[string]string{"tz": url.QueryEscape(cmp.Or(visitor.Zone, "Europe/London"))}
	}
	return w.visit(t, visitor, w.address(path, query))
}

// visit opens an address. The first page that a browser ever gets is loaded twice, for it
// does not know the browser's time zone before.
func (w *world) visit(t *testing.T, visitor browser.Visitor, address string) *view {
	t.Helper()
	v := &view{Tab: w.Open(t, visitor, address), t: t, w: w, script: !visitor.NoScript}
	v.settle()
	return v
}

// settle waits until the page has its time zone, and all of its parts: what comes later
// moves what is to be clicked.
func (v *view) settle() {
	v.t.Helper()
	if !v.script {
		return
	}
	v.Until(func() error {
		settled, err := browser.Eval[bool](v.Tab, `document.readyState === "complete" && document.cookie.includes("tz=") && !document.querySelector("[data-part]") &&
			("zoneChosen" in document.documentElement.dataset || document.documentElement.dataset.zone === Intl.DateTimeFormat().resolvedOptions().timeZone)`)
		if err == nil && !settled {
			err = errors.New("the page has not settled")
		}
		return err
	})
}

// first returns the first of the links of a name, which may be above and below a list.
func (v *view) first(name string) *browser.Element {
	v.t.Helper()
	var found *browser.Element
	v.Until(func() error {
		all, err := v.All("link", name)
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("there is no link %s", name)
		}
		if err == nil {
			found = all[0]
		}
		return err
	})
	return found
}

// row is one activity as the list shows it.
type row struct {
	Position, Time, When, Product, Status, Description string
}

// readRows has no part in how the page looks: a row is one of the table, a cell has its place.
const readRows = `[...document.querySelectorAll("#rows tr")].map(tr => {
	const cells = [...tr.cells].map(cell => cell.textContent.trim());
	return {
		Position: tr.dataset.position, Time: tr.querySelector("time").dateTime, When: cells[0], Product: cells[1], Status: cells[2],
		Description: tr.cells[3].querySelector("a").textContent.trim(),
	};
})`

// rows returns what the list shows now.
func (v *view) rows() ([]row, error) { return browser.Eval[[]row](v.Tab, readRows) }

// shows waits until the list shows the newest activities of a ledger, at most limit.
func (v *view) shows(want ledger, limit int) {
	v.t.Helper()
	expected := expect(want, limit)
	v.Until(func() error {
		rows, err := v.rows()
		if err != nil {
			return err
		}
		return expected.compare(rows)
	})
}

// expected is what a list has to show: the times of its rows, and what each may be.
type expected struct {
	times []string
	keys  map[string]int
}

// expect is the newest activities of a ledger. The order of those of one nanosecond is the
// page's own affair, so any of them may be the last.
func expect(want ledger, limit int) expected {
	limit = min(limit, len(want))
	e := expected{times: make([]string, limit), keys: map[string]int{}}
	for i := range want {
		if i >= limit && !want[i].Time.Equal(want[limit-1].Time) {
			break
		}
		if i < limit {
			e.times[i] = moment(want[i].Time)
		}
		e.keys[rowOf(&want[i])]++
	}
	return e
}

func (e expected) compare(rows []row) error {
	if len(rows) != len(e.times) {
		return fmt.Errorf("%d rows instead of %d", len(rows), len(e.times))
	}
	left := maps.Clone(e.keys)
	for i, r := range rows {
		if r.Time != e.times[i] {
			return fmt.Errorf("row %d is of %s instead of %s", i, r.Time, e.times[i])
		}
		key := r.key()
		if left[key] == 0 {
			return fmt.Errorf("row %d is there twice, or should not be there: %s", i, key)
		}
		left[key]--
	}
	return nil
}

// key tells rows apart. A description that the page does not show as it is, is not compared.
func (r row) key() string {
	description := r.Description
	if !isPlain(description) {
		description = "?"
	}
	return strings.Join([]string{r.Time, r.Product, r.Status, description}, " | ")
}

func rowOf(a *activity.Activity) string {
	return row{Time: moment(a.Time), Product: productNames[a.Product], Status: statusNames[a.Status], Description: a.Description}.key()
}

var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ,.()-]{0,100}$`)

func isPlain(text string) bool { return plain.MatchString(text) }

// totals returns how many activities of each status the chart counts.
func (v *view) totals() (map[string]int, error) {
	texts, err := browser.Eval[map[string]string](v.Tab,
		`Object.fromEntries([...document.querySelectorAll(".totals a")].map(a => [a.innerText.replace(/[\d,.\s]/g, ""), a.querySelector("b").textContent.replace(/\D/g, "")]))`)
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, errors.New("there is no chart yet")
	}
	totals := map[string]int{}
	for status, text := range texts {
		if totals[status], err = strconv.Atoi(text); err != nil {
			return nil, err
		}
	}
	maps.DeleteFunc(totals, func(_ string, n int) bool { return n == 0 })
	return totals, nil
}

// counts waits until the chart counts the activities of a ledger by status, as they are named.
func (v *view) counts(want ledger) {
	v.t.Helper()
	wanted := want.count(func(a *activity.Activity) string { return statusNames[a.Status] })
	v.Until(func() error {
		got, err := v.totals()
		if err == nil && !maps.Equal(got, wanted) {
			err = fmt.Errorf("the chart counts %v instead of %v", got, wanted)
		}
		return err
	})
}

// menu opens the menu of a label, does something, and closes it.
func (v *view) menu(label string, do func()) {
	v.t.Helper()
	summary := v.summary(label)
	summary.Click()
	do()
	summary.Click()
}

// summary returns what opens the menu of a label: its name goes on with what is chosen.
func (v *view) summary(label string) *browser.Element {
	v.t.Helper()
	v.settle()
	var found *browser.Element
	v.Until(func() error {
		all, err := v.All("DisclosureTriangle", "")
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(e *browser.Element) bool { return strings.HasPrefix(e.Name, label) })
		if i < 0 {
			return fmt.Errorf("there is no menu %s", label)
		}
		found = all[i]
		return nil
	})
	return found
}

// check checks the boxes whose names begin so, with clicks on their texts, as people do.
func (v *view) check(names ...string) {
	v.t.Helper()
	for _, name := range names {
		v.box(name).Other(`function() { return this.labels[0].querySelector("bdi, .pill") }`).Click()
		v.Until(func() error {
			checked, err := browser.Apply[bool](v.box(name), "function() { return this.checked }")
			if err == nil && !checked {
				err = fmt.Errorf("%s is not checked", name)
			}
			return err
		})
	}
}

func (v *view) box(name string) *browser.Element {
	v.t.Helper()
	var found *browser.Element
	v.Until(func() error {
		all, err := v.All("checkbox", "")
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(e *browser.Element) bool { return strings.HasPrefix(e.Name, name) })
		if i < 0 {
			return fmt.Errorf("there is no check box %s among %d", name, len(all))
		}
		found = all[i]
		return nil
	})
	return found
}

// boxes returns the names of the check boxes of the menu that is open.
func (v *view) boxes() []string {
	v.t.Helper()
	all, err := v.All("checkbox", "")
	require.NoError(v.t, err)
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Name
	}
	return names
}

// apply applies the filter of the form.
func (v *view) apply() {
	v.t.Helper()
	v.settle()
	v.Find("button", "Apply filters").Follow()
}

// between fills in the times of the form; an empty one stays so.
func (v *view) between(startDate, startTime, endDate, endTime string) {
	v.t.Helper()
	for _, field := range []struct{ role, name, value string }{
		{"Date", "Start date", startDate}, {"InputTime", "Start time", startTime}, {"Date", "End date", endDate}, {"InputTime", "End time", endTime},
	} {
		if field.value != "" {
			v.Find(field.role, field.name).Set(field.value)
		}
	}
}

// Layouts of the form's fields.
const (
	dateField = "2006-01-02"
	timeField = "15:04"
)

// in fills in the times of the form as the clocks of a zone show them.
func (v *view) in(start, end time.Time, zone *time.Location) {
	v.t.Helper()
	start, end = start.In(zone), end.In(zone)
	v.between(start.Format(dateField), start.Format(timeField), end.Format(dateField), end.Format(timeField))
}
