// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation

import (
	"flag"
	"path/filepath"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

var update = flag.Bool("update", false, "write the expected records anew")

// TestOutcomes compares the records with those in testdata.
func TestOutcomes(t *testing.T) {
	before, after := changedAt.Add(-time.Hour), changedAt.Add(3*time.Second).Truncate(time.Second)
	tests := map[string]struct {
		entity    string
		updatedAt time.Time
	}{
		"account_confirmed":   {"Account", after},
		"account_not_updated": {"Account", before},
		"account_missing":     {"Account", time.Time{}},
		"contact_confirmed":   {"Contact", after},
		"contact_missing":     {"Contact", time.Time{}},
		"lead_confirmed":      {"Lead", after},
		"lead_not_updated":    {"Lead", before},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.add(change(test.entity, record))
			if !test.updatedAt.IsZero() {
				h.has(test.updatedAt)
			}
			h.now = changedAt.Add(DefaultTimeout)
			h.poll()
			require.Len(t, h.taken, 1)
			h.taken[0].Observed = time.Time{}
			actual := activity.NewLogs(activity.Scope{Name: "test"}, h.taken...)

			file := filepath.Join("testdata", "outcomes", name+".yaml")
			if *update {
				require.NoError(t, golden.WriteLogsToFile(file, actual))
			}
			expected, err := golden.ReadLogs(file)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(expected, actual))
		})
	}
}

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Minute: "1 minute", 15 * time.Minute: "15 minutes", 90 * time.Second: "1m30s", time.Second: "1s"} {
		require.Equal(t, want, words(d))
	}
}
