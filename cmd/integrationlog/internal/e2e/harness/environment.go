// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// SeedVariable sets what tests draw at random, so that a run can be had again.
const SeedVariable = "INTEGRATIONLOG_E2E_SEED"

// IntFromEnvironment returns the whole number in a variable, or another if it is not set.
func IntFromEnvironment(tb testing.TB, variable string, otherwise int) int {
	tb.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	value, err := strconv.Atoi(text)
	require.NoError(tb, err, variable)
	return value
}
