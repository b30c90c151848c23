// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// fixtures returns the requests of the fixtures by their directories.
func fixtures(tb testing.TB) map[string]webhooktest.Request {
	tb.Helper()
	requests := map[string]webhooktest.Request{}
	for _, directory := range webhooktest.Fixtures(tb, "entries") {
		requests[directory] = fixture(tb, directory)
	}
	return requests
}

func fixture(tb testing.TB, directory string) webhooktest.Request {
	tb.Helper()
	if _, err := os.Stat(filepath.Join(directory, linesFile)); err == nil {
		return inLines(newRequest(string(webhooktest.ReadFile(tb, directory, linesFile))))
	}
	return newRequest(string(webhooktest.ReadFile(tb, directory, "body.json")))
}

// linesFile is the body of a fixture that is newline-delimited.
const linesFile = "body.ndjson"

// isInLines tells whether a fixture's body is newline-delimited.
func isInLines(q webhooktest.Request) bool {
	return q.Header.Get("Content-Type") != "application/json"
}
