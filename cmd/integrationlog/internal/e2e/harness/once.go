// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"fmt"
)

// HasOnce returns nil if list and count of the last week have, of what the selector finds,
// each id that is wanted, and of the rest nothing but what is allowed, each once. label is
// where Loki has the ids.
func (l *Loki) HasOnce(ctx context.Context, selector, label string, wanted, allowed map[string]bool) error {
	count, err := l.Count(ctx, selector)
	if err != nil {
		return err
	}
	if count < len(wanted) { // the list costs more than the count
		return fmt.Errorf("a count of %d for %d activities", count, len(wanted))
	}
	entries, err := l.Entries(ctx, selector)
	if err != nil {
		return err
	}
	times := map[string]int{}
	strange := 0
	for _, entry := range entries {
		id := entry.Labels[label]
		times[id]++
		if !wanted[id] && !allowed[id] {
			strange++
		}
	}
	var missing, double []string
	for id := range wanted {
		if times[id] == 0 {
			missing = append(missing, id)
		}
	}
	for id, n := range times {
		if n > 1 {
			double = append(double, id)
		}
	}
	if len(missing)+len(double)+strange > 0 || count != len(entries) {
		return fmt.Errorf("%d entries and a count of %d for %d activities: %d missing %q, %d more than once %q, %d from nowhere",
			len(entries), count, len(wanted), len(missing), few(missing), len(double), few(double), strange)
	}
	return nil
}

// few returns the first of many ids, enough to look for.
func few(ids []string) []string { return ids[:min(len(ids), 3)] }
