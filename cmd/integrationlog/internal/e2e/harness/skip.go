// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// SkippedVariable is the environment variable that names a file to which the tests are added
// that this machine cannot run: of a package that passes, go test does not tell them.
const SkippedVariable = "INTEGRATIONLOG_SKIPPED"

// Skip skips a test that this machine cannot run, and says why.
func Skip(tb testing.TB, reason error) {
	tb.Helper()
	if path := os.Getenv(SkippedVariable); path != "" {
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // whoever runs the tests names it
		require.NoError(tb, err)
		_, err = fmt.Fprintf(file, "%s: %q\n", tb.Name(), reason)
		require.NoError(tb, err)
		require.NoError(tb, file.Close())
	}
	tb.Skip(reason)
}
