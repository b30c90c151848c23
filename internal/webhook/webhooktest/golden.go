// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"flag"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

var update = flag.Bool("update", false, "write the expected records of the fixtures anew")

// CheckGolden posts a fixture's request and compares the records with those in its
// expected.yaml. Posted again, it must leave no more of them.
func (r *Running) CheckGolden(t *testing.T, directory string, q Request) {
	t.Helper()
	require.Equal(t, http.StatusOK, r.Post(t, q).Code)
	require.Len(t, r.Sink.AllLogs(), 1)
	actual := r.Sink.AllLogs()[0]
	for _, record := range Records(actual) {
		require.Equal(t, activity.EventName, record.EventName())
		require.NotZero(t, record.ObservedTimestamp())
		record.SetObservedTimestamp(0)
	}

	require.Equal(t, http.StatusOK, r.Post(t, q).Code, "delivered again")
	require.Equal(t, actual.LogRecordCount(), r.Sink.LogRecordCount(), "delivered again")

	file := filepath.Join(directory, "expected.yaml")
	if *update {
		require.NoError(t, golden.WriteLogsToFile(file, actual))
	}
	expected, err := golden.ReadLogs(file)
	require.NoError(t, err)
	require.NoError(t, plogtest.CompareLogs(expected, actual))
}

// Records returns all records of logs.
func Records(all ...plog.Logs) []plog.LogRecord {
	var records []plog.LogRecord
	for _, logs := range all {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					records = append(records, record)
				}
			}
		}
	}
	return records
}
