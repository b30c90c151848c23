// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitstest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var now = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

func TestCheck(t *testing.T) {
	require.ErrorContains(t, Check(plog.NewLogs(), now), "an empty push is refused")

	logs := Good(now, "id")
	require.ErrorContains(t, Check(logs, now), "what changes between deliveries is stored")
	scope := logs.ResourceLogs().At(0).ScopeLogs().At(0)
	scope.Scope().SetVersion("")
	scope.LogRecords().At(0).SetObservedTimestamp(0)
	require.NoError(t, Check(logs, now))

	require.ErrorContains(t, Check(logs, now.Add(9*24*time.Hour)), "too old")
	require.ErrorContains(t, Check(logs, now.Add(-time.Hour)), "too far ahead")
	scope.LogRecords().At(0).Attributes().PutStr("activity_id", "x")
	require.ErrorContains(t, Check(logs, now), "metadata activity_id is there twice")
}

func TestRandomIsTheSameForTheSameSeed(t *testing.T) {
	marshaler := plog.ProtoMarshaler{}
	one, err := marshaler.MarshalLogs(Random(7, now, 20))
	require.NoError(t, err)
	two, err := marshaler.MarshalLogs(Random(7, now, 20))
	require.NoError(t, err)
	require.Equal(t, one, two)
	other, err := marshaler.MarshalLogs(Random(8, now, 20))
	require.NoError(t, err)
	require.NotEqual(t, one, other)
}
