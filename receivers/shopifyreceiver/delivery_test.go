// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

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

var update = flag.Bool("update", false, "write the expected records of testdata/deliveries anew")

func fixtures(tb testing.TB) []string {
	tb.Helper()
	directories, err := filepath.Glob(filepath.Join("testdata", "deliveries", "*"))
	require.NoError(tb, err)
	require.NotEmpty(tb, directories)
	return directories
}

// TestDeliveries posts each fixture, signed, and compares the record with the
// expected one.
func TestDeliveries(t *testing.T) {
	for _, directory := range fixtures(t) {
		t.Run(filepath.Base(directory), func(t *testing.T) {
			r := start(t, testConfig(t), nil)
			d := loadDelivery(t, directory).signed(testSecret)

			require.Equal(t, http.StatusOK, r.post(t, d).code)
			require.Equal(t, 1, r.sink.LogRecordCount())
			actual := r.sink.AllLogs()[0]
			record := theRecord(actual)
			require.Equal(t, activity.EventName, record.EventName())
			require.NotZero(t, record.ObservedTimestamp())
			record.SetObservedTimestamp(0)

			require.Equal(t, http.StatusOK, r.post(t, d).code, "delivered again")
			require.Equal(t, 1, r.sink.LogRecordCount(), "delivered again")

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

func theRecord(logs plog.Logs) plog.LogRecord {
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}
