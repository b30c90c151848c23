// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesktest"
)

var update = flag.Bool("update", false, "write the expected records of the fixtures anew")

// answers are what Zendesk says in a fixture.
type answers struct {
	Webhooks    []json.RawMessage            `json:"webhooks"`
	Invocations map[string][]zendesktest.Row `json:"invocations"`
	Attempts    map[string]json.RawMessage   `json:"attempts"`
}

func fixtures(tb testing.TB) []string {
	tb.Helper()
	directories, err := filepath.Glob(filepath.Join("testdata", "polls", "*"))
	require.NoError(tb, err)
	require.NotEmpty(tb, directories)
	return directories
}

// TestPolls polls each fixture in testdata/polls at noon of 26 November 2026 and compares
// the records with its expected.yaml. Polled again, it must leave no more of them.
func TestPolls(t *testing.T) {
	for _, directory := range fixtures(t) {
		t.Run(filepath.Base(directory), func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(directory, "api.json"))
			require.NoError(t, err)
			var given answers
			require.NoError(t, json.Unmarshal(content, &given))
			w := newWorld(t, func(w *world) {
				w.Webhooks, w.Invocations, w.Attempts = given.Webhooks, given.Invocations, given.Attempts
			})
			w.begin(t)
			require.NoError(t, w.poll(t))
			actual := plog.NewLogs()
			for _, logs := range w.sink.AllLogs() {
				for _, record := range records(logs) {
					assert.Equal(t, activity.EventName, record.EventName())
					assert.Equal(t, noon.UnixNano(), int64(record.ObservedTimestamp()))
					record.SetObservedTimestamp(0)
				}
				logs.ResourceLogs().MoveAndAppendTo(actual.ResourceLogs())
			}
			w.sink.Reset()
			require.NoError(t, w.poll(t))
			assert.Zero(t, w.sink.LogRecordCount(), "polled again")

			file := filepath.Join(directory, "expected.yaml")
			if *update {
				require.NoError(t, golden.WriteLogsToFile(file, actual))
			}
			expected, err := golden.ReadLogs(file)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(expected, actual))
		})
	}
}
