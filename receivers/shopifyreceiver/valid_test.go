// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// requireValid requires that logs are one record that everything downstream can take.
func requireValid(tb testing.TB, logs plog.Logs) {
	tb.Helper()
	require.Equal(tb, 1, logs.LogRecordCount())
	webhooktest.RequireValid(tb, logs, "product", "status", "activity.type", "activity.id", "shopify.topic")
	id, _ := theRecord(logs).Attributes().Get("activity.id")
	require.LessOrEqual(tb, len(id.Str()), 3*255+2)
}
