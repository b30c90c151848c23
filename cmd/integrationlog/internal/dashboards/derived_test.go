// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// derivedField is a link that the Loki data source puts beside the details of a line.
type derivedField struct {
	Name         string `yaml:"name"`
	MatcherType  string `yaml:"matcherType"`
	MatcherRegex string `yaml:"matcherRegex"`
	URL          string `yaml:"url"`
}

// The links beside the details of a line, which the data source has, lead to what their
// names say.
func testDerivedFields(t *testing.T, w *world) {
	t.Helper()
	v := w.open(t, logPath(), w.last(24*time.Hour))
	list := v.run(t, v.panel(t, "logs Activities")).results["A"].Entries
	require.True(t, slices.ContainsFunc(list, func(e source.Entry) bool {
		return strings.Contains(e.Labels["activity_id"], oddText) && objectOf(e) == "customer/35001"
	}), "an id that a link could break at, of an object that has the id of another")
	leads := map[string]func(entry source.Entry, address *url.URL){
		"All activities of this object": func(entry source.Entry, address *url.URL) {
			v.requireFollowed(t, address, func(e source.Entry) bool {
				return objectOf(e) == objectOf(entry)
			})
		},
		"Explore": func(entry source.Entry, address *url.URL) {
			assert.Equal(t, []string{entry.Labels["activity_id"]}, idsOf(v.explore(t, address)))
		},
		"Vendor's record": func(entry source.Entry, address *url.URL) {
			assert.Equal(t, vendorRecord(entry.Labels), address.String())
		},
	}
	fields := derivedFields(t)
	require.Len(t, fields, len(leads))
	for _, field := range fields {
		require.Contains(t, leads, field.Name)
		require.Equal(t, "label", field.MatcherType, "%s: nobody has taught this test another", field.Name)
		matcher := regexp.MustCompile(field.MatcherRegex)
		seen := map[string]bool{}
		for _, entry := range list {
			for name, value := range entry.Labels {
				if !matcher.MatchString(name) || value == "" {
					continue
				}
				scope := grafana.Scope{Row: grafana.Row{}, Value: grafana.Field{Text: value}}
				text, err := scope.Interpolate(field.URL, grafana.URIEncoded)
				require.NoError(t, err)
				if seen[text] {
					continue
				}
				seen[text] = true
				address, err := url.Parse(text)
				require.NoError(t, err)
				leads[field.Name](entry, address)
			}
		}
		assert.NotEmpty(t, seen, field.Name)
	}
}

// derivedFields reads those of the provisioned data source. Grafana takes $$ there for $.
func derivedFields(t *testing.T) []derivedField {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(harness.Repository(), "config", "grafana", "provisioning", "datasources", "datasources.yaml"))
	require.NoError(t, err)
	var file struct {
		Datasources []struct {
			Type string `yaml:"type"`
			JSON struct {
				DerivedFields []derivedField `yaml:"derivedFields"`
				TimeInterval  string         `yaml:"timeInterval"`
			} `yaml:"jsonData"`
		} `yaml:"datasources"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(string(text), "$$", "$")), &file))
	var fields []derivedField
	for _, datasource := range file.Datasources {
		fields = append(fields, datasource.JSON.DerivedFields...)
		if datasource.Type == "prometheus" {
			assert.Equal(t, scrapeInterval.String(), datasource.JSON.TimeInterval)
		}
	}
	return fields
}
