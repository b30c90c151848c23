// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package untried tells what this machine cannot try: of a package that passes, go test does
// not.
package untried // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// Variable is the environment variable that names a file to which everything is added.
const Variable = "INTEGRATIONLOG_SKIPPED"

// Skip skips a test that this machine cannot run, and tells why.
func Skip(tb testing.TB, reason error) {
	tb.Helper()
	Tell(tb, reason)
	tb.Skip(reason)
}

// Tell tells why this machine cannot run a part of a test.
func Tell(tb testing.TB, reason error) {
	tb.Helper()
	tb.Log("not tried: ", reason)
	path := os.Getenv(Variable)
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // whoever runs the tests names it
	require.NoError(tb, err)
	_, err = fmt.Fprintf(file, "%s: %q\n", tb.Name(), reason)
	require.NoError(tb, err)
	require.NoError(tb, file.Close())
}
