// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package pagetest uses the Integration log page in Chromium, as people do: the page of an
// all-in-one that runs, with its Loki, over what a ledger says must be in it.
package pagetest // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest"

import (
	"os"
	"testing"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// binaries are built once for all tests.
var binaries *harness.Binaries

func TestMain(m *testing.M) {
	os.Exit(harness.RunTests(m, &binaries))
}

// test is one of those that share the world.
type test struct {
	name string
	run  func(*testing.T, *world)
}

// One all-in-one and one Chromium serve all of these.
func TestPage(t *testing.T) {
	w := newWorld(t)
	t.Run("reading", func(t *testing.T) {
		for _, test := range []test{
			{"paging", testPaging},
			{"filters", testFilters},
			{"products", testProducts},
			{"details", testDetails},
			{"zones", testZones},
			{"minutes", testMinutes},
			{"clock change", testClockChange},
			{"export", testExport},
			{"history", testHistory},
			{"no script", testNoScript},
			{"keyboard", testKeyboard},
			{"accessibility", testAccessibility},
			{"hostile", testHostile},
			{"languages", testLanguages},
			{"same everywhere", testSameEverywhere},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				test.run(t, w)
			})
		}
	})
	// These add to the log, or take it away.
	for _, test := range []test{{"live tail", testLiveTail}, {"store away", testStoreAway}, {"accessibility of errors", testAccessibilityOfErrors}} {
		t.Run(test.name, func(t *testing.T) { test.run(t, w) })
	}
}
