// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// The list of products has exactly those with errors in the time, and a switch shows all.
func testProducts(t *testing.T, w *world) {
	t.Helper()
	calm := w.log[len(w.log)-1].Time // that of the crowd, which had no error
	for _, test := range []struct {
		name       string
		start, end time.Time
	}{
		{"the whole week", time.Time{}, time.Time{}},
		{"some hours", w.now.Add(-5 * time.Hour), w.now},
		{"without errors", calm, calm.Add(time.Second)},
		{"without anything", w.now.Add(time.Minute), w.now.Add(2 * time.Minute)},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := choice{start: test.start, end: test.end}
			withErrors := w.log.chosen(choice{start: test.start, end: test.end, statuses: []string{"error"}})
			v := w.open(t, browser.Visitor{}, "/", in.query())
			v.summary("Product").Click()
			v.lists(withErrors, true)
			if len(withErrors) == 0 {
				v.says("No product had errors in this time.")
			}
			v.Find("link", "Show all products").Follow()
			v.summary("Product").Click()
			v.lists(w.log.chosen(in), false)
			if len(w.log.chosen(in)) == 0 {
				v.says("No product had activities in this time.")
			}
			v.Find("link", "Show only products with errors").Follow()
			v.menu("Product", func() { v.lists(withErrors, true) })

			status, body := w.get(t, "/api/v1/products", in.query())
			require.Equal(t, 200, status, "%s", body)
			var answer struct {
				Products []struct {
					Product    string `json:"product"`
					Activities int    `json:"activities"`
					Errors     int    `json:"errors"`
				} `json:"products"`
			}
			require.NoError(t, json.Unmarshal(body, &answer))
			activities, errors := map[string]int{}, map[string]int{}
			for _, p := range answer.Products {
				activities[p.Product] = p.Activities
				if p.Errors > 0 {
					errors[p.Product] = p.Errors
				}
			}
			assert.Equal(t, w.log.chosen(in).count(slugOf), activities)
			assert.Equal(t, withErrors.count(slugOf), errors)
		})
	}
	t.Run("chosen and not listed", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", url.Values{"product": {"shopify"}})
		v.menu("Product", func() { assert.Contains(t, v.boxes(), "Shopify") })
	})
}

func slugOf(a *activity.Activity) string { return string(a.Product) }

// lists waits until the open menu offers the products of the activities, with how many
// errors each had.
func (v *view) lists(of ledger, withErrors bool) {
	v.t.Helper()
	var want []string
	for product, n := range of.count(func(a *activity.Activity) string { return productNames[a.Product] }) {
		name := product
		if withErrors {
			errors := fmt.Sprintf("%d errors", n)
			if n == 1 {
				errors = "1 error"
			}
			name += " " + errors
		}
		want = append(want, name)
	}
	slices.Sort(want)
	v.Until(func() error {
		got := v.boxes()
		if !withErrors {
			for i := range got {
				got[i] = withoutCount.ReplaceAllString(got[i], "")
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("the list has %q instead of %q", got, want)
		}
		return nil
	})
}

// says waits until the page shows a text.
func (v *view) says(texts ...string) {
	v.t.Helper()
	v.Until(func() error {
		shown, err := browser.Eval[string](v.Tab, "document.body.innerText")
		for _, text := range texts {
			if err == nil && !containsText(shown, text) {
				err = fmt.Errorf("%q is not in %q", text, shown)
			}
		}
		return err
	})
}
