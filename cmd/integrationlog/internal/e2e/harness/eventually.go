// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pollInterval is how often a condition is tried.
const pollInterval = 50 * time.Millisecond

// Eventually tries until the condition returns nil, and fails the test with its last
// error if that takes longer. The condition's context ends with the time.
func Eventually(tb testing.TB, within time.Duration, condition func(context.Context) error) {
	tb.Helper()
	require.NoError(tb, Retry(tb.Context(), within, condition), "within %s", within)
}

// Retry tries until the condition returns nil, and returns its last error if that
// takes longer.
func Retry(ctx context.Context, within time.Duration, condition func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	var last error
	for {
		err := condition(ctx)
		if err == nil {
			return nil
		}
		if last == nil || ctx.Err() == nil {
			last = err // what the end of the time itself has caused tells nothing
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return last
		}
	}
}
