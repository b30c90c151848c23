// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// links are what the links of all tables have to lead to, by the dashboard's uid, the
// panel, the field and the link's title.
var links = map[string]func(s *shown, row grafana.Row, address *url.URL){
	"integration-log/Activities as a table/Object/All activities of this object": ofObject,
	"integration-log/Activities as a table/Vendor's record/Open the vendor's record": func(s *shown, row grafana.Row, address *url.URL) {
		assert.Equal(s.t, "https", address.Scheme)
		assert.Regexp(s.t, `^admin\.shopify\.com$|^acme\.zendesk\.com$`, address.Host)
		assert.True(s.t, strings.HasSuffix(address.Path, strings.TrimPrefix(s.cell(row, "Object").Text, "ticket")) || address.Host == "admin.shopify.com", address)
	},
	"integration-log/Activities as a table/Activity/Open in Explore": func(s *shown, row grafana.Row, address *url.URL) {
		found := idsOf(s.v.explore(s.t, address))
		require.Len(s.t, found, 1)
		assert.Equal(s.t, s.cell(row, "Activity").Text, forExplore(found[0]))
	},
	"integration-health/Products/Product/Activities": func(s *shown, row grafana.Row, address *url.URL) {
		product := s.cell(row, "Product").Text
		s.v.requireFollowed(s.t, address, func(e source.Entry) bool { return e.Labels["product"] == product })
	},
	"integration-health/Products/Product/Errors":                              errorsOfProduct,
	"integration-health/Top errors/Product/Errors":                            errorsOfProduct,
	"integration-health/Busiest objects/Object/All activities of this object": ofObject,
}

func ofObject(s *shown, row grafana.Row, address *url.URL) {
	object := s.cell(row, "Object").Text
	s.v.requireFollowed(s.t, address, func(e source.Entry) bool { return objectOf(e) == object })
}

// objectOf is what an activity was about, with its type: others may have the same id.
func objectOf(e source.Entry) string {
	return e.Labels["activity_object_type"] + "/" + e.Labels["activity_object_id"]
}

func errorsOfProduct(s *shown, row grafana.Row, address *url.URL) {
	product := s.cell(row, "Product").Text
	s.v.requireFollowed(s.t, address, func(e source.Entry) bool {
		return e.Labels["product"] == product && e.Labels["status"] == "error"
	})
}

// Each link of each row of each table leads to what its title says.
func testLinks(t *testing.T, w *world) {
	t.Helper()
	followed := map[string]bool{}
	for _, path := range dashboardPaths(t) {
		v := w.open(t, path, w.last(24*time.Hour))
		for _, panel := range v.All() {
			fields, err := panel.FieldLinks()
			require.NoError(t, err)
			if len(fields) == 0 {
				continue
			}
			s := v.run(t, panel)
			for name, list := range fields {
				for _, link := range list {
					key := v.UID + "/" + panel.Title + "/" + name + "/" + link.Title
					require.Contains(t, links, key)
					followed[key] = true
					v.followAll(t, s, name, link, links[key])
				}
			}
		}
	}
	assert.Equal(t, names(links), names(followed))
}

// followAll follows a link in each row that has a value there, once for each address.
func (v *view) followAll(t *testing.T, s *shown, name string, link grafana.Link, leads func(*shown, grafana.Row, *url.URL)) {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range s.table.Rows {
		value, ok := s.table.Field(row, name)
		if !ok || value.Text == "" {
			continue
		}
		scope := v.scope
		scope.Row, scope.Value = row, value
		text, err := scope.Interpolate(link.URL, grafana.URIEncoded)
		require.NoError(t, err)
		if seen[text] {
			continue
		}
		seen[text] = true
		address, err := url.Parse(text)
		require.NoError(t, err)
		leads(s, row, address)
	}
	assert.NotEmpty(t, seen, "no row of %s has a %s", s.panel.Title, name)
}

// requireFollowed opens the dashboard at an address and requires that its list has what is
// wanted, and nothing else.
func (v *view) requireFollowed(t *testing.T, address *url.URL, wanted func(source.Entry) bool) {
	t.Helper()
	uid, ok := strings.CutPrefix(address.Path, "/d/")
	require.True(t, ok, address)
	query := address.Query()
	opened := v.open(t, filepath.Join(harness.Repository(), "dashboards", uid+".json"), grafana.Range{From: v.moment(t, query.Get("from")), To: v.moment(t, query.Get("to"))})
	var err error
	opened.scope.Variables, err = opened.scope.Variables.FromURL(query)
	require.NoError(t, err)
	var want []source.Entry
	for _, entry := range v.entries {
		if wanted(entry) {
			want = append(want, entry)
		}
	}
	assert.ElementsMatch(t, idsOf(want), idsOf(opened.run(t, opened.panel(t, "logs Activities")).results["A"].Entries), address)
}

// moment reads a time of an address: milliseconds, now, or so long before now.
func (w *world) moment(t *testing.T, text string) time.Time {
	t.Helper()
	if ago, ok := strings.CutPrefix(text, "now"); ok {
		length, err := grafana.ParseInterval(strings.TrimPrefix(ago, "-"))
		require.NoError(t, err)
		return w.now.Add(-length)
	}
	milliseconds, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err, "%q", text)
	return time.UnixMilli(milliseconds).Add(time.Millisecond - time.Nanosecond)
}

// forExplore is an id as a link to Explore takes it: escaped as a part of a text of LogQL,
// and that as a part of a text of JSON.
func forExplore(id string) string {
	for range 2 {
		quoted := strconv.Quote(id)
		id = strings.ReplaceAll(quoted[1:len(quoted)-1], "$", `\x24`)
	}
	return id
}

// explore opens Explore at an address and returns what it finds.
func (v *view) explore(t *testing.T, address *url.URL) []source.Entry {
	t.Helper()
	require.Equal(t, "/explore", address.Path)
	require.Equal(t, "1", address.Query().Get("schemaVersion"))
	var panes map[string]struct {
		Datasource string           `json:"datasource"`
		Queries    []grafana.Target `json:"queries"`
		Range      struct {
			From string `json:"from"`
			To   string `json:"to"`
		} `json:"range"`
	}
	require.NoError(t, json.Unmarshal([]byte(address.Query().Get("panes")), &panes))
	require.Len(t, panes, 1)
	var found []source.Entry
	for _, pane := range panes {
		require.Equal(t, "loki", pane.Datasource)
		scope := grafana.Scope{Range: grafana.Range{From: v.moment(t, pane.Range.From), To: v.moment(t, pane.Range.To)}}
		for i := range pane.Queries {
			require.Equal(t, grafana.Source{Type: "loki", UID: "loki"}, pane.Queries[i].Datasource)
			query, err := scope.LokiQuery(&grafana.Panel{}, &pane.Queries[i])
			require.NoError(t, err)
			result, err := v.loki.Query(t.Context(), query)
			require.NoError(t, err)
			found = append(found, result.Entries...)
		}
	}
	return found
}
