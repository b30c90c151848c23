// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// mayBeEmpty is what a description says of a panel without anything in it.
var mayBeEmpty = regexp.MustCompile(`(?:^|\. )Empty when [^.]+\.`)

// Every query of every panel does what the panel's description says: there is a row for
// each panel in expectations.
func testPanels(t *testing.T, w *world) {
	t.Helper()
	paths := dashboardPaths(t)
	require.Len(t, paths, len(expectations))
	for _, path := range paths {
		v := w.open(t, path, w.last(24*time.Hour))
		t.Run(v.UID, func(t *testing.T) {
			expected := expectations[v.UID]
			require.NotEmpty(t, expected)
			seen := map[string]bool{}
			for _, panel := range v.All() {
				name := panel.Type + " " + panel.Title
				assert.False(t, seen[name], "two panels %s", name)
				seen[name] = true
				t.Run(panel.Title, func(t *testing.T) { v.check(t, panel, expected[name]) })
			}
			for name := range expected {
				assert.True(t, seen[name], "there is no panel %s", name)
			}
		})
	}
}

// Panels show the same wherever their steps begin. Those of a day, which are two minutes
// apart, have eight places to begin among the scrapes.
func testAlignments(t *testing.T, w *world) {
	t.Helper()
	for ago := scrapeInterval; ago < 2*time.Minute; ago += scrapeInterval {
		t.Run(ago.String(), func(t *testing.T) { testPanels(t, w.scrapedAgo(t, ago)) })
	}
}

func (v *view) check(t *testing.T, panel *grafana.Panel, expected expectation) {
	t.Helper()
	require.NotNil(t, expected.returns, "%s %s has no row in expectations", panel.Type, panel.Title)
	s := v.run(t, panel)
	for name, result := range s.results {
		if !result.Empty() {
			continue
		}
		assert.Regexp(t, mayBeEmpty, panel.Description, "query %s returns nothing: %s", name, s.queries[name].Expr)
		assert.NotEmpty(t, expected.emptyBecause, "query %s returns nothing: %s", name, s.queries[name].Expr)
	}
	for name, result := range s.results {
		for _, series := range result.Series {
			legend := grafana.LegendOf(s.queries[name].Legend, series.Labels)
			assert.NotRegexp(t, `\{\{|^\s*$|^\W|: $`, legend, "query %s: legend", name)
			for label := range series.Labels {
				if s.queries[name].Legend != "" {
					assert.Contains(t, s.queries[name].Legend, "{{"+label+"}}", "query %s: nothing tells its series apart", name)
				}
			}
		}
	}
	expected.returns(s)
}

// dashboardPaths are the files of all dashboards.
func dashboardPaths(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(harness.Repository(), "dashboards", "integration-*.json"))
	require.NoError(t, err)
	return paths
}

// Every query can be asked for any time range that the dashboards offer.
func testRanges(t *testing.T, w *world) {
	t.Helper()
	for _, path := range dashboardPaths(t) {
		for _, length := range []time.Duration{5 * time.Minute, time.Hour, 7 * 24 * time.Hour} {
			v := w.open(t, path, w.last(length))
			for _, panel := range v.All() {
				v.run(t, panel)
			}
		}
	}
}

// What is chosen is what is shown.
func testChosenProducts(t *testing.T, w *world) {
	t.Helper()
	for _, path := range dashboardPaths(t) {
		v := w.open(t, path, w.last(24*time.Hour))
		if v.scope.Variables.Get("product") == nil {
			continue
		}
		for _, chosen := range [][]string{{"zis"}, {"sunshine-conversations", "bot-builder"}} {
			v := v.choose(t, "product", chosen...)
			for _, panel := range v.All() {
				s := v.run(t, panel)
				for name, result := range s.results {
					for _, series := range result.Series {
						assert.Contains(t, append(chosen, ""), series.Labels["product"], "%s, query %s", panel.Title, name)
					}
					for _, entry := range result.Entries {
						assert.Contains(t, chosen, entry.Labels["product"], "%s, query %s", panel.Title, name)
					}
				}
			}
		}
	}
}
