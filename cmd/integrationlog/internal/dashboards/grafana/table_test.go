// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func text(s string) Field { return Field{Text: s} }

func number(s string, n float64) Field { return Field{Text: s, Number: n} }

func panelWith(t *testing.T, transformations string) *Panel {
	t.Helper()
	var p Panel
	require.NoError(t, json.Unmarshal([]byte(`{"title":"Panel","transformations":`+transformations+`}`), &p))
	return &p
}

func TestMergedTable(t *testing.T) {
	panel := panelWith(t, `[
		{"id": "merge", "options": {}},
		{"id": "filterFieldsByName", "options": {"include": {"names": ["product", "Value #A", "Value #B"]}}},
		{"id": "organize", "options": {"excludeByName": {"Value #B": true}, "renameByName": {"product": "Product", "Value #A": "Activities"}}}]`)
	table, err := panel.Transform([][]Row{
		{{"Time": number("now", 1), "product": text("zis"), "Value #A": number("3", 3)}, {"Time": number("now", 1), "product": text("shopify"), "Value #A": number("4", 4)}},
		{{"Time": number("now", 1), "product": text("shopify"), "Value #B": number("5", 5)}},
	})
	require.NoError(t, err)
	assert.Equal(t, []Row{{"product": text("zis"), "Value #A": number("3", 3)}, {"product": text("shopify"), "Value #A": number("4", 4)}}, table.Rows)
	field, ok := table.Field(table.Rows[1], "Activities")
	assert.True(t, ok)
	assert.Equal(t, number("4", 4), field)
	for _, gone := range []string{"product", "Value #B", "Time"} {
		_, ok = table.Field(table.Rows[1], gone)
		assert.False(t, ok, gone)
	}
}

func TestGroupedTable(t *testing.T) {
	panel := panelWith(t, `[
		{"id": "extractFields", "options": {"source": "labels"}},
		{"id": "groupBy", "options": {"fields": {"object": {"aggregations": [], "operation": "groupby"}, "id": {"aggregations": ["count"], "operation": "aggregate"}}}},
		{"id": "sortBy", "options": {"sort": [{"field": "id (count)", "desc": true}]}},
		{"id": "limit", "options": {"limitField": 2}}]`)
	var rows []Row
	for _, object := range []string{"a", "b", "b", "c", "c", "c"} {
		rows = append(rows, Row{"object": text(object), "id": text("x"), "Line": text("line")})
	}
	table, err := panel.Transform([][]Row{rows})
	require.NoError(t, err)
	assert.Equal(t, []Row{{"object": text("c"), "id (count)": number("3", 3)}, {"object": text("b"), "id (count)": number("2", 2)}}, table.Rows)
}

func TestUnknownTransformations(t *testing.T) {
	for _, transformations := range []string{
		`[{"id": "joinByField", "options": {}}]`,
		`[{"id": "groupBy", "options": {"fields": {"x": {"aggregations": ["sum"], "operation": "aggregate"}}}}]`,
	} {
		_, err := panelWith(t, transformations).Transform([][]Row{{}})
		require.Error(t, err, transformations)
	}
}
