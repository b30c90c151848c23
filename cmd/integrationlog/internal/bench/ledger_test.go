// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// idLabel is where Loki has the id of a delivery.
const idLabel = "shopify_webhook_id"

// number returns the number of a delivery of this run.
func (s *shop) number(id string) (n int, ok bool) {
	text, ok := strings.CutPrefix(id, s.run+"-")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n < len(s.accepted)
}

// audit lists the log of the run, and returns how many of what was acknowledged are not in
// it, and how many are in it more than once.
func (s *shop) audit(b *testing.B, loki *harness.Loki, result *pace.Result) (missing, doubled int) {
	b.Helper()
	stored := make([]uint8, len(s.accepted))
	// In small pieces, because a million entries at once would take gigabytes.
	const piece = time.Second
	end := result.Began.Add(result.Took)
	for from := result.Began.Truncate(piece); from.Before(end); from = from.Add(piece) {
		entries, err := loki.EntriesBetween(b.Context(), `{product="shopify"}`, from, from.Add(piece))
		require.NoError(b, err)
		for _, entry := range entries {
			if n, ok := s.number(entry.Labels[idLabel]); ok {
				stored[n]++
			}
		}
	}
	for n, times := range stored {
		if s.accepted[n] && times == 0 {
			missing++
		}
		if times > 1 {
			doubled++
		}
	}
	return missing, doubled
}

// count requires that Loki's own count of the run is what was acknowledged, where nothing
// was refused.
func (s *shop) count(b *testing.B, loki *harness.Loki) {
	b.Helper()
	selector := fmt.Sprintf(`{product="shopify"} | %s=~"%s-.*"`, idLabel, s.run)
	harness.Eventually(b, within, func(ctx context.Context) error {
		counted, err := loki.Count(ctx, selector)
		if err == nil && counted != len(s.accepted) {
			err = fmt.Errorf("%d counted of %d", counted, len(s.accepted))
		}
		return err
	})
}

// countFailures is how many webhooks about failures were acknowledged.
func (s *shop) countFailures() (count int) {
	for n, accepted := range s.accepted {
		if accepted && s.isFailure(n) {
			count++
		}
	}
	return count
}
