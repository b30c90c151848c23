// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import "testing"

// TestDashboards looks at all dashboards of one installation.
func TestDashboards(t *testing.T) {
	w := newWorld(t)
	t.Run("panels", func(t *testing.T) { testPanels(t, w) })
	t.Run("panels at any time", func(t *testing.T) { testAlignments(t, w) })
	t.Run("every range", func(t *testing.T) { testRanges(t, w) })
	t.Run("chosen products", func(t *testing.T) { testChosenProducts(t, w) })
	t.Run("metrics", func(t *testing.T) { testMetricNames(t, w) })
	t.Run("list of products", func(t *testing.T) { testListOfProducts(t, w) })
	t.Run("filters", func(t *testing.T) { testFilters(t, w) })
	t.Run("links", func(t *testing.T) { testLinks(t, w) })
	t.Run("links beside details", func(t *testing.T) { testDerivedFields(t, w) })
}
