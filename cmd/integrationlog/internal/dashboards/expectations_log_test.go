// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"slices"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
)

var ofLog = map[string]expectation{
	"timeseries Activities over time": {returns: func(s *shown) {
		assert.Equal(s.t, tally(s.v.entries, "status"), s.sums("A"), "a bar for each activity, and none twice")
		requireBarsOfTimeBefore(s)
	}},
	"logs Activities": {returns: func(s *shown) {
		entries := s.results["A"].Entries
		assert.ElementsMatch(s.t, idsOf(s.v.entries), idsOf(entries))
		for _, entry := range entries {
			assert.Equal(s.t, entry.Labels["status"], entry.Labels["level"], "which colours the line")
			assert.NotEmpty(s.t, entry.Line)
			for _, name := range []string{"product", "activity_type", "activity_id", "integration_account"} {
				assert.NotEmpty(s.t, entry.Labels[name], "%s of %v", name, entry)
			}
			assert.Equal(s.t, vendorRecord(entry.Labels), entry.Labels["vendor_record"], "%v", entry)
			assert.Equal(s.t, entry.Labels["activity_object_id"] != "", entry.Labels["activity_object"] == objectOf(entry), "%v", entry)
		}
	}},
	"table Activities as a table": {returns: func(s *shown) {
		require.Len(s.t, s.table.Rows, len(s.v.entries))
		for _, row := range s.table.Rows {
			for _, name := range []string{"Date and time", "Product", "Status", "Description", "Activity type", "Activity"} {
				field, ok := s.table.Field(row, name)
				assert.True(s.t, ok && field.Text != "", "%s of %v", name, row)
			}
			at, _ := s.table.Field(row, "Date and time")
			id, _ := s.table.Field(row, "Activity")
			found := slices.ContainsFunc(s.v.entries, func(e source.Entry) bool {
				return forExplore(e.Labels["activity_id"]) == id.Text && float64(e.Time.UnixMilli()) == at.Number
			})
			assert.True(s.t, found, "%s did not happen at %s", id.Text, at.Text)
		}
	}},
}

// requireBarsOfTimeBefore requires that a bar counts what happened since the bar before, and
// stands there.
func requireBarsOfTimeBefore(s *shown) {
	s.t.Helper()
	assert.Equal(s.t, -1, s.panel.FieldConfig.Defaults.Custom.BarAlignment, "before its time")
	for status, series := range s.byLegend("A") {
		for _, point := range series.Points {
			happened := 0
			for _, e := range s.v.entries {
				since := point.Time.Sub(e.Time)
				if e.Labels["status"] == status && since >= 0 && since < s.queries["A"].Step {
					happened++
				}
			}
			assert.InDelta(s.t, happened, point.Value, 0, "%s at %s", status, point.Time)
		}
	}
}

// vendorRecord is where a record is opened at its vendor: tickets, users and organizations
// of Zendesk accounts, and orders and customers of shops.
func vendorRecord(labels map[string]string) string {
	shop := "https://admin.shopify.com/store/e2e/"
	switch {
	case labels["shopify_order_id"] != "":
		return shop + "orders/" + labels["shopify_order_id"]
	case labels["shopify_customer_id"] != "":
		return shop + "customers/" + labels["shopify_customer_id"]
	case labels["activity_object_type"] == "ticket" && labels["integration_account"] == "acme":
		return "https://acme.zendesk.com/agent/tickets/" + labels["activity_object_id"]
	default:
		return ""
	}
}

func idsOf(entries []source.Entry) []string {
	ids := make([]string, 0, len(entries))
	for _, entry := range entries {
		ids = append(ids, entry.Labels["activity_id"])
	}
	return ids
}

// cell returns what is shown in a row under a name.
func (s *shown) cell(row grafana.Row, name string) grafana.Field {
	s.t.Helper()
	field, ok := s.table.Field(row, name)
	require.True(s.t, ok, "%s of %v", name, row)
	return field
}
