// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package lokilimitstest shows beside a real Loki that it takes whatever the
// loki_limits processor lets through, and stores it as it was sent.
package lokilimitstest

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// limits is the processor with its defaults.
type limits struct {
	processor.Logs
	sink *consumertest.LogsSink
}

func newLimits(t *testing.T) limits {
	t.Helper()
	factory := lokilimitsprocessor.NewFactory()
	sink := new(consumertest.LogsSink)
	processor, err := factory.CreateLogs(t.Context(), processortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, processor.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, processor.Shutdown(context.WithoutCancel(t.Context()))) })
	return limits{processor, sink}
}

// settle gives logs an account to find them by and returns what the processor makes
// of them.
func (l limits) settle(t *testing.T, logs plog.Logs, account string) plog.Logs {
	t.Helper()
	for _, resource := range logs.ResourceLogs().All() {
		resource.Resource().Attributes().PutStr(activity.AccountKey, account)
	}
	l.sink.Reset()
	require.NoError(t, l.ConsumeLogs(t.Context(), logs))
	require.Len(t, l.sink.AllLogs(), 1)
	return l.sink.AllLogs()[0]
}

func TestLokiTakesWhatIsLetThrough(t *testing.T) {
	loki, limits := startLoki(t), newLimits(t)
	stored := 0
	// store settles logs, pushes them twice, and looks at what Loki has of them.
	store := func(t *testing.T, logs plog.Logs, account string) {
		t.Helper()
		logs = limits.settle(t, logs, account)
		require.NoError(t, lokilimitstest.Check(logs, time.Now()))
		for range 2 {
			status, answer := loki.push(t, logs)
			require.Equal(t, http.StatusNoContent, status, answer)
		}
		want, got := expected(t, logs), loki.query(t, account)
		require.Len(t, got, len(want))
		for i := range want {
			if want[i] != got[i] { // Equal's diff of large texts takes minutes.
				require.Fail(t, "stored otherwise", "want %.2000s\ngot  %.2000s", want[i], got[i])
			}
		}
		stored += len(want)
	}

	now := time.Now()
	t.Run("each kind of bad record", func(t *testing.T) {
		for i, c := range lokilimitstest.Cases(now) {
			t.Run(c.Name, func(t *testing.T) { store(t, c.Logs(now), fmt.Sprint("case ", i)) })
		}
	})
	t.Run("all of them in one request", func(t *testing.T) {
		logs, raw := plog.NewLogs(), plog.NewLogs()
		for _, c := range lokilimitstest.Cases(now) {
			c.Logs(now).ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
			c.Logs(now).ResourceLogs().MoveAndAppendTo(raw.ResourceLogs())
		}
		status, _ := loki.push(t, raw)
		require.Equal(t, http.StatusBadRequest, status, "Loki takes the records as they are")
		store(t, logs, "all cases")
	})
	t.Run("records of which much is wrong", func(t *testing.T) {
		for seed := range uint64(50) {
			// An hour ago, so that the timestamps differ from those above.
			store(t, lokilimitstest.Random(seed, now.Add(-time.Hour), 20), fmt.Sprint("random ", seed))
		}
	})
	// A metric query counts the second copy of what Loki had written to a block before
	// it came; an attribute __error__ would make the query fail.
	t.Run("metric queries go on", func(t *testing.T) {
		require.GreaterOrEqual(t, loki.count(t), stored)
	})
}
