// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/severityprocessor/internal/metadatatest"
)

// testLogs has two resources with two scopes of n records each.
func testLogs(tb testing.TB, n int, said said) plog.Logs {
	tb.Helper()
	logs := plog.NewLogs()
	for range 2 {
		resource := logs.ResourceLogs().AppendEmpty()
		resource.Resource().Attributes().PutStr("status", "wibble")
		resource.Resource().Attributes().PutStr("product", "shopify")
		for range 2 {
			scope := resource.ScopeLogs().AppendEmpty()
			scope.Scope().Attributes().PutStr("level", "wibble")
			for range n {
				said.fill(tb, scope.LogRecords().AppendEmpty())
			}
		}
	}
	return logs
}

func TestProcessLogsCountsUnknownWordsBySource(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.WithoutCancel(t.Context()))) })
	sink := new(consumertest.LogsSink)
	p, err := NewFactory().CreateLogs(t.Context(), metadatatest.NewSettings(telemetry), createDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))

	require.NoError(t, p.ConsumeLogs(t.Context(), plog.NewLogs()))
	require.NoError(t, p.ConsumeLogs(t.Context(), testLogs(t, 3, said{attributes: attrs{"status": "wibble", "level": 7}})))
	require.NoError(t, p.ConsumeLogs(t.Context(), testLogs(t, 1, said{attributes: attrs{"status": "failed"}, text: "wibble"})))
	require.NoError(t, p.ConsumeLogs(t.Context(), testLogs(t, 1, said{text: "wobble"})))
	require.NoError(t, p.Shutdown(t.Context()))

	metadatatest.AssertEqualProcessorSeverityUnknownWords(t, telemetry, []metricdata.DataPoint[int64]{
		{Attributes: attribute.NewSet(attribute.String("source", "status")), Value: 12},
		{Attributes: attribute.NewSet(attribute.String("source", "level")), Value: 12},
		{Attributes: attribute.NewSet(attribute.String("source", "severity_text")), Value: 4},
	}, metricdatatest.IgnoreTimestamp())

	require.Equal(t, 20, sink.LogRecordCount())
	resource := sink.AllLogs()[1].ResourceLogs().At(1)
	require.Equal(t, attrs{"status": "wibble", "product": "shopify"}, resource.Resource().Attributes().AsRaw(), "the resource is not ours")
	require.Equal(t, attrs{"level": "wibble"}, resource.ScopeLogs().At(1).Scope().Attributes().AsRaw())
	requireStatus(t, resource.ScopeLogs().At(1).LogRecords().At(2), activity.Info)
}

func TestOtherFieldsStayAsTheyAre(t *testing.T) {
	want := activity.NewLogs(activity.Scope{Name: "scope", Version: "1"}, activity.Activity{
		ID: "1", Product: activity.Shopify, Type: "order", Description: "Order #1001 created", HTTPStatusCode: 500,
		Error: &activity.Failure{Type: activity.ErrorInternal, Code: "E1", Message: "broken"},
	})
	got := plog.NewLogs()
	want.CopyTo(got)
	got, err := testProcessor(t, nil).processLogs(t.Context(), got)
	require.NoError(t, err)

	record := want.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	record.Attributes().PutStr("status.original", "500")
	record.Attributes().PutStr("status", "error")
	record.SetSeverityNumber(17)
	record.SetSeverityText("error")
	require.Equal(t, want, got)
}

func TestBatchesSideBySide(t *testing.T) {
	p := testProcessor(t, nil)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 20 {
				logs := testLogs(t, 10, said{attributes: attrs{"status": "Débogage"}, text: "wibble"})
				_, err := p.processLogs(t.Context(), logs)
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
