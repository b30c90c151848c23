// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// What arrives while the page is open appears on top of it, once, and only if the filter
// lets it through.
func testLiveTail(t *testing.T, w *world) {
	t.Helper()
	all := w.open(t, browser.Visitor{}, "/tail", nil)
	failed := w.open(t, browser.Visitor{}, "/tail", url.Values{"status": {"error"}, "product": {"zis"}})
	for _, v := range []*view{all, failed} {
		v.isLive("Live")
	}
	all.shows(w.log, 50)
	loaded := len(all.Requests())

	first := w.happen(t, 1)
	all.has(first)
	failed.has(first.chosen(choice{statuses: []string{"error"}, products: []string{"zis"}}))
	second := w.happen(t, 2)
	all.has(append(slices.Clone(second), first...))
	failed.has(append(second, first...).chosen(choice{statuses: []string{"error"}, products: []string{"zis"}}))
	// So does what comes late.
	late := kinds[0]
	late.ID, late.Description, late.Time = "live-late", "Live, and late", time.Now().Add(-3*time.Minute)
	w.send(t, ledger{}.with(late)...)
	second = append(second, ledger{}.with(late)...)
	all.has(append(slices.Clone(second), first...))
	assert.LessOrEqual(t, len(all.Requests()), loaded+1, "nothing was loaded anew")

	// While it is paused nothing moves.
	all.Find("button", "Pause").Click()
	all.isLive("Paused")
	third := w.happen(t, 3)
	failed.has(append(append(slices.Clone(third), second...), first...).chosen(choice{statuses: []string{"error"}, products: []string{"zis"}}))
	all.Until(func() error {
		waiting, err := browser.Eval[string](all.Tab, `document.querySelector("#live-waiting").innerText`)
		if err == nil && !containsText(waiting, itoa(len(third))) {
			err = fmt.Errorf("%q does not say that %d wait", waiting, len(third))
		}
		return err
	})
	all.has(append(slices.Clone(second), first...))
	all.Find("button", "Resume").Click()
	all.has(append(append(slices.Clone(third), second...), first...))

	// Details open from here as from the list.
	all.Find("link", third[0].Description).Click()
	all.says(third[0].ID)
}

// happen sends some activities of now.
func (w *world) happen(t *testing.T, round int) ledger {
	t.Helper()
	var some ledger
	for i, kind := range []int{0, 3, 9, 10} {
		a := kinds[kind]
		a.ID = fmt.Sprintf("live-%d-%d", round, i)
		a.Time = time.Now()
		a.Description = fmt.Sprintf("Live, round %d, no. %d", round, i)
		some = some.with(a)
	}
	w.send(t, some...)
	return some
}

// isLive waits until the page says how it stands with what arrives.
func (v *view) isLive(state string) {
	v.t.Helper()
	v.Until(func() error {
		text, err := browser.Eval[string](v.Tab, `document.querySelector("#live-state").innerText.trim()`)
		if err == nil {
			err = equal([]string{text}, []string{state})
		}
		return err
	})
}

// has waits until the rows that arrived live are these, each once. Those that arrived
// together may be in any order.
func (v *view) has(want ledger) {
	v.t.Helper()
	require.NotEmpty(v.t, want)
	wanted := make([]string, len(want))
	for i := range want {
		wanted[i] = rowOf(&want[i])
	}
	slices.Sort(wanted)
	v.Until(func() error {
		rows, err := v.rows()
		if err != nil {
			return err
		}
		var got []string
		for _, r := range rows {
			if len(r.Description) > 4 && r.Description[:4] == "Live" {
				got = append(got, r.key())
			}
		}
		slices.Sort(got)
		return equal(got, wanted)
	})
	rows, err := v.rows()
	require.NoError(v.t, err)
	for i := range want {
		assert.Contains(v.t, descriptions(want), rows[i].Description, "they are on top")
	}
}
