// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package logpageextension is an extension that serves the Integration log as a page and as
// a small HTTP API. It reads from Loki, whichever it is, and writes nothing.
package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"
