// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// requireValid requires that everything downstream can take all records, each of them a
// sentence on one line.
func requireValid(tb testing.TB, logs plog.Logs) {
	tb.Helper()
	webhooktest.RequireValid(tb, logs, "product", "status", "activity.type", "activity.evidence", "sunco.event.type", "sunco.webhook.version")
	for _, record := range webhooktest.Records(logs) {
		require.NotContains(tb, record.Body().Str(), "\n")
	}
}
