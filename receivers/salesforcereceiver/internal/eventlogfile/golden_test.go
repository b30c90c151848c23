// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

var update = flag.Bool("update", false, "write the expected records anew")

// TestCalls compares the records of each file in testdata with those beside it. Whatever
// identifies a person, an address or a session has the word canary in it, or a number that
// is looked for.
func TestCalls(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "calls", "*", "*.csv"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		directory := filepath.Dir(file)
		t.Run(filepath.Base(directory), func(t *testing.T) {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			h := newHarness(t)
			f := h.org.add(source(strings.TrimSuffix(filepath.Base(file), ".csv")+"/Daily"), 0, start.Add(-4*time.Hour))
			f.content = string(content)
			h.poll()
			require.NotEmpty(t, h.requests())
			for i := range h.taken {
				require.Equal(t, start, h.taken[i].Observed)
				h.taken[i].Observed = time.Time{}
			}
			actual := activity.NewLogs(activity.Scope{Name: "test"}, h.taken...)
			requireNoCanary(t, actual)

			expectedFile := filepath.Join(directory, "expected.yaml")
			if *update {
				require.NoError(t, golden.WriteLogsToFile(expectedFile, actual))
			}
			expected, err := golden.ReadLogs(expectedFile)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(expected, actual))
		})
	}
}

func requireNoCanary(t *testing.T, logs plog.Logs) {
	t.Helper()
	content, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	for _, canary := range []string{"canary", "192.0.2.17", "s3ss10n", "l0g1n", "0055e000000Zd01", "@example.com"} {
		require.NotContains(t, string(content), canary)
	}
}
