// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package browser is a person at a browser, for tests: it opens pages in Chromium, finds
// what is on them as a screen reader does, by role and name, and uses it with mouse and
// keyboard. Whatever a page must never do, it notices in every tab.
package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
