// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// zones are those of three visitors: on either side of the world, and one that is no whole
// hour away and that Chromium calls by its old name.
var zones = []string{"America/Los_Angeles", "Asia/Katmandu", "Pacific/Auckland"}

// Times are in the viewer's own zone, unless the address or the viewer says another.
func testZones(t *testing.T, w *world) {
	t.Helper()
	want := w.log.chosen(choice{integrations: []string{"acme_erp"}})
	query := url.Values{"integration": {"acme_erp"}, "limit": {"250"}}
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			v := w.visit(t, browser.Visitor{Zone: name}, w.address("/", query))
			v.shows(want, perPage)
			v.showsTimes(want, zone(t, name))
			assert.NotContains(t, v.Address(), "tz=", "the address is good for a viewer elsewhere")
		})
	}
	t.Run("chosen", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", query)
		v.summary("Time zone and language").Click()
		v.Find("combobox", "Time zone").Set("Asia/Tokyo")
		v.Find("button", "Set").Follow()
		v.showsTimes(want, zone(t, "Asia/Tokyo"))
		assert.Contains(t, v.Address(), "tz=Asia%2FTokyo")
		other := w.visit(t, browser.Visitor{Zone: zones[0]}, v.Address())
		other.showsTimes(want, zone(t, "Asia/Tokyo"))
		v.summary("Time zone and language").Click()
		v.Find("combobox", "Time zone").Set("")
		v.Find("button", "Set").Follow()
		v.showsTimes(want, london)
	})
}

// showsTimes waits until the list shows the times as the clocks of a zone do.
func (v *view) showsTimes(of ledger, in *time.Location) {
	v.t.Helper()
	want := make([]string, len(of))
	for i := range of {
		want[i] = of[i].Time.In(in).Format(shownTime)
	}
	v.Until(func() error {
		rows, err := v.rows()
		if err != nil {
			return err
		}
		got := make([]string, len(rows))
		for i := range rows {
			got[i] = rows[i].When
		}
		return equal(got, want)
	})
}

// Start and end are to the minute, and both minutes belong to the range.
func testMinutes(t *testing.T, w *world) {
	t.Helper()
	minute := w.edge()
	of := func(from, to int) ledger { // the edges are newest first
		all := w.log.chosen(choice{integrations: []string{edges}})
		return all[len(all)-1-to : len(all)-from]
	}
	for _, name := range append([]string{"Europe/London"}, zones...) {
		t.Run(name, func(t *testing.T) {
			v := w.open(t, browser.Visitor{Zone: name}, "/", url.Values{"integration": {edges}})
			v.shows(of(0, 4), perPage)
			local := minute.In(zone(t, name))
			before, after := local.Add(-time.Minute), local.Add(time.Minute)
			for _, test := range []struct {
				start, end time.Time
				want       ledger
			}{
				{local, local, of(1, 3)},
				{before, before, of(0, 0)},
				{after, after, of(4, 4)},
				{before, local, of(0, 3)},
				{local, after, of(1, 4)},
			} {
				v.in(test.start, test.end, local.Location())
				v.apply()
				v.shows(test.want, perPage)
				// The form shows what was chosen.
				v.fields(test.start, test.end)
			}
		})
	}
	t.Run("whole days", func(t *testing.T) {
		v := w.open(t, browser.Visitor{Zone: zones[1]}, "/", url.Values{"limit": {"250"}})
		day := minute.In(zone(t, zones[1]))
		v.between(day.Format(dateField), "", day.Format(dateField), "")
		v.apply()
		start := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
		v.shows(w.log.chosen(choice{start: start, end: start.AddDate(0, 0, 1)}), perPage)
	})
	t.Run("end before start", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", url.Values{"status": {"error"}})
		v.in(minute, minute.Add(-time.Hour), london)
		v.apply()
		v.Until(func() error {
			said, err := browser.Eval[int](v.Tab, `document.querySelectorAll("form [aria-invalid=true], form .error").length`)
			if err == nil && said == 0 {
				err = errors.New("nothing is said against it")
			}
			return err
		})
		v.menu("Status", func() {
			v.isChecked(t, "Error") // the filter is kept
		})
	})
}

// fields waits until the form shows a start and an end.
func (v *view) fields(start, end time.Time) {
	v.t.Helper()
	want := []string{start.Format(dateField), start.Format(timeField), end.Format(dateField), end.Format(timeField)}
	v.Until(func() error {
		got, err := browser.Eval[[]string](v.Tab, `["start_date", "start_time", "end_date", "end_time"].map(name => document.querySelector("[name=" + name + "]").value)`)
		if err == nil {
			err = equal(got, want)
		}
		return err
	})
}

// Where clocks are changed within the week, times are shown as the clocks did, a time of day
// that happened twice is taken both times, one that did not happen is said to be none.
func testClockChange(t *testing.T, w *world) {
	t.Helper()
	all := w.log.chosen(choice{integrations: []string{clocks}})
	// no returns those with these numbers, newest first.
	no := func(from, to int) ledger {
		return all.chosen(choice{start: clocksOf(w.changes)[from].Time, end: clocksOf(w.changes)[to].Time.Add(1)})
	}
	shown := func(l ledger, change time.Time, before, after offset) []string {
		texts := make([]string, len(l))
		for i := range l {
			o := before
			if !l[i].Time.Before(change) {
				o = after
			}
			texts[i] = l[i].Time.UTC().Add(o.ahead).Format(shownTime)
		}
		return texts
	}
	query := url.Values{"integration": {clocks}}
	day := func(change time.Time, o offset) string { return change.UTC().Add(o.ahead).Format(dateField) }
	when := func(v *view, want []string) {
		v.Until(func() error {
			rows, err := v.rows()
			if err != nil {
				return err
			}
			got := make([]string, len(rows))
			for i := range rows {
				got[i] = rows[i].When
			}
			return equal(got, want)
		})
	}
	t.Run("back", func(t *testing.T) {
		v := w.open(t, browser.Visitor{Zone: back}, "/", query)
		texts := shown(all, w.changes.back, summerInParis, winterInParis)
		when(v, texts)
		assert.Len(t, filter(texts, "02:30:00"), 2, "the clocks showed this twice")
		sunday := day(w.changes.back, winterInParis)
		v.between(sunday, "02:30", sunday, "02:30")
		v.apply()
		v.shows(no(1, 4), perPage)
		v.says("happens twice")
		v.between(sunday, "02:31", sunday, "02:59")
		v.apply()
		v.shows(no(2, 5), perPage)
		v.between(sunday, "03:00", sunday, "03:00")
		v.apply()
		v.shows(no(6, 6), perPage)
	})
	t.Run("forward", func(t *testing.T) {
		v := w.open(t, browser.Visitor{Zone: forward}, "/", query)
		when(v, shown(all, w.changes.forward, winterInToronto, summerInToronto))
		sunday := day(w.changes.forward, winterInToronto)
		v.between(sunday, "02:30", sunday, "03:00")
		v.apply()
		v.shows(no(8, 8), perPage)
		v.says("is put forward")
		v.between(sunday, "01:00", sunday, "02:30")
		v.apply()
		v.shows(no(7, 7), perPage)
		v.between(sunday, "01:59", sunday, "03:01")
		v.apply()
		v.shows(no(7, 9), perPage)
	})
}

func filter(texts []string, part string) []string {
	var found []string
	for _, text := range texts {
		if strings.Contains(text, part) {
			found = append(found, text)
		}
	}
	return found
}
