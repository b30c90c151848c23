// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
)

// Each filter leaves what it says, in the chart, the list and the table alike, whatever
// characters somebody types.
func testFilters(t *testing.T, w *world) {
	t.Helper()
	is := func(label, value string) func(source.Entry) bool {
		return func(e source.Entry) bool { return e.Labels[label] == value }
	}
	has := func(text string) func(source.Entry) bool {
		return func(e source.Entry) bool { return strings.Contains(strings.ToLower(e.Line), strings.ToLower(text)) }
	}
	all := func(source.Entry) bool { return true }
	none := func(source.Entry) bool { return false }
	tests := []struct {
		filter string
		values []string
		keeps  func(source.Entry) bool
	}{
		{"product", []string{"webhooks"}, is("product", "webhooks")},
		{"product", []string{"shopify"}, is("product", "shopify")}, // typed: it is not listed
		{"status", []string{"error"}, is("status", "error")},
		{"status", []string{"error", "warning"}, func(e source.Entry) bool { return slices.Contains([]string{"error", "warning"}, e.Labels["status"]) }},
		{"activity_type", []string{"action_test"}, is("activity_type", "action_test")},
		{"integration_name", []string{"notify erp"}, is("integration_name", "Notify ERP")},
		{"integration_account", []string{"E2E.my"}, is("integration_account", "e2e.myshopify.com")},
		{"activity_object", []string{"35001"}, is("activity_object_id", "35001")},
		{"activity_object", []string{"ticket/35001"}, func(e source.Entry) bool { return objectOf(e) == "ticket/35001" }},
		{"activity_object", []string{"customer/35001"}, func(e source.Entry) bool { return objectOf(e) == "customer/35001" }},
		{"activity_object", []string{"order/35001"}, none},
		{"activity_object", []string{"3500"}, none}, // all of the id
		{"search", []string{"ORDER SENT"}, has("order sent")},
		{"search", []string{"[y]"}, has(oddText)},
		{"search", []string{"nowhere"}, none},
		{"search", []string{".*"}, none},
		{"search", []string{""}, all},
	}
	for length := 3; length <= len(oddText); length += 4 { // all of its characters, in the middle and at the end
		tests = append(tests, struct {
			filter string
			values []string
			keeps  func(source.Entry) bool
		}{"search", []string{oddText[:length]}, has(oddText[:length])})
	}
	v := w.open(t, logPath(), w.last(24*time.Hour))
	for _, test := range tests {
		var want []source.Entry
		for _, entry := range w.entries {
			if test.keeps(entry) {
				want = append(want, entry)
			}
		}
		v := v.choose(t, test.filter, test.values...)
		list := v.run(t, v.panel(t, "logs Activities")).results["A"].Entries
		assert.ElementsMatch(t, idsOf(want), idsOf(list), "%s = %q", test.filter, test.values)
		assert.Len(t, v.run(t, v.panel(t, "table Activities as a table")).table.Rows, len(want), "%s = %q", test.filter, test.values)
		assert.Equal(t, tally(want, "status"), v.run(t, v.panel(t, "timeseries Activities over time")).sums("A"), "%s = %q", test.filter, test.values)
	}
	require.NotEmpty(t, slices.Collect(func(yield func(source.Entry) bool) {
		for _, entry := range w.entries {
			if has(oddText)(entry) && !yield(entry) {
				return
			}
		}
	}), "the text is in the log")
}
