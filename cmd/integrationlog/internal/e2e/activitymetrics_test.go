// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	activitiesTotal = "integration_activities_total"
	errorsTotal     = "integration_errors_total"
	lateTotal       = "integration_late_activities_total"
	lastActivity    = "integration_last_activity_timestamp_seconds"
)

// The real thing: webhooks go in, and Prometheus gets what happened, once.
func TestActivityMetrics(t *testing.T) {
	all := install(t)
	all.Run(t)

	before := activityMetrics(t, all)
	orders := labels("product", "shopify", "activity_type", "order")
	for _, product := range []string{"shopify", "bot-builder", "actions", "zis", "sunshine-conversations"} {
		assert.Len(t, before.With(errorsTotal, labels("product", product)...), 10, product)
		assert.Len(t, before.With(lateTotal, labels("product", product)...), 4, product)
		assert.NotEmpty(t, before.With(activitiesTotal, labels("product", product, "status", "error")...), product)
	}
	assert.Empty(t, before.With(activitiesTotal, labels("product", "salesforce")...), "it is off")
	assert.Len(t, before.With(activitiesTotal, orders...), 4, "each status is there before the first order")
	assert.Zero(t, before.Sum(activitiesTotal)+before.Sum(errorsTotal)+before.Sum(lateTotal))
	assert.NotContains(t, before, lastActivity, "or silence would be told of at the start")

	happened := time.Now().Add(-3 * time.Minute)
	webhook := personalOrder("first", happened)
	for range 3 { // the first one, and two redeliveries
		require.NoError(t, sendOne(t.Context(), all.Shop, webhook))
	}
	require.NoError(t, sendOne(t.Context(), all.Shop, order("yesterday", happened.Add(-24*time.Hour))))
	zis := harness.PushedProducts[2]
	answer, err := all.Push(t.Context(), zis.Product, zis.Secret, harness.PushedBody(zis.Product, "failed", time.Now()))
	require.NoError(t, err)
	require.Equal(t, 200, answer.Code)

	harness.Eventually(t, 30*time.Second, func(ctx context.Context) error {
		m, err := all.ActivityMetrics(ctx)
		if err != nil {
			return err
		}
		if n := m.Sum(activitiesTotal) + m.Sum(lateTotal); n < 3 {
			return fmt.Errorf("%v activities", n)
		}
		return nil
	})
	after := activityMetrics(t, all)
	assert.InDelta(t, 1, after.Sum(activitiesTotal, append(orders, labels("status", "info")...)...), 0)
	assert.InDelta(t, 1, after.Sum(activitiesTotal, labels("product", "zis", "status", "error", "activity_type", "flow_run")...), 0)
	assert.InDelta(t, 2, after.Sum(activitiesTotal), 0)
	assert.InDelta(t, 1, after.Sum(errorsTotal, labels("product", "zis")...), 0)
	assert.InDelta(t, 1, after.Sum(errorsTotal), 0)
	assert.InDelta(t, 1, after.Sum(lateTotal, labels("product", "shopify", "status", "info")...), 0)
	assert.InDelta(t, 1, after.Sum(lateTotal), 0)
	last := float64(happened.UnixNano()) / 1e9
	assert.InDelta(t, last, after.Sum(lastActivity, labels("product", "shopify")...), 0.001, "the late one does not set it")

	page := all.ReadText(t, all.ActivityMetricsURL())
	for _, secret := range append(canaries, "820982911946154508", "#1001", "e2e.myshopify.com", "It failed", all.Shop.Secret) {
		assert.NotContains(t, page, secret, "it is not for Prometheus")
	}
}

// A record that another program sends is counted under the labels that it has in Loki, and
// once however often it is sent.
func TestActivityMetricsOfOTLP(t *testing.T) {
	all := install(t)
	all.Run(t)
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr(activity.ServiceNameKey, "my-crm")
	record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	record.SetSeverityNumber(plog.SeverityNumberError)
	record.Attributes().PutStr(activity.IDKey, "1")
	record.Body().SetStr("It failed")
	for range 3 {
		require.NoError(t, all.SendOTLP(t.Context(), logs))
	}

	entries := awaitEntries(t, all.Loki, `{service_name="my-crm"}`, 1)
	product, status := entries[0].Labels["product"], entries[0].Labels["status"]
	assert.Equal(t, "my-crm", product)
	assert.Equal(t, "error", status)
	m := activityMetrics(t, all)
	assert.InDelta(t, 1, m.Sum(activitiesTotal, labels("product", product, "status", status, "activity_type", "_OTHER")...), 0)
	assert.InDelta(t, 1, m.Sum(errorsTotal, labels("product", product, "error_type", "_OTHER")...), 0)
	assert.InDelta(t, 1, m.Sum(activitiesTotal), 0)
	own, err := all.Metrics(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, 2, own.Sum("otelcol_activity_metrics_repeated_records"), 0)
	assert.InDelta(t, 3, own.Sum("otelcol_exporter_sent_log_records", labels("exporter", "activity_metrics")...), 0)
}

func activityMetrics(t *testing.T, all *harness.Installation) harness.Metrics {
	t.Helper()
	m, err := all.ActivityMetrics(t.Context())
	require.NoError(t, err)
	return m
}

// labels returns labels of names and values in turns.
func labels(namesAndValues ...string) []harness.Label {
	var list []harness.Label
	for i := 0; i < len(namesAndValues); i += 2 {
		list = append(list, harness.Label{Name: namesAndValues[i], Value: namesAndValues[i+1]})
	}
	return list
}
