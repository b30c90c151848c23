// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package page is the Integration log as people see it: HTML that works as it is, and a
// script that makes it quicker to use. It reads activities and knows no store.
//
// The script is as it was written: nothing builds or bundles it, and it has no library in it.
// What a library would save is less than what keeping one vendored would take.
//
// Its pages are the log at /, /tail, /errors, /timeline, /details and /sources. The script
// asks for parts of them at /chart, /choices, /kinds and /pane, and for what is new at /tail/events.
// Links are relative, so that a proxy may put the page under a path of its own.
package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"
