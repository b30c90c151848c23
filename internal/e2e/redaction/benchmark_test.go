// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package redaction

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	otelattribute "go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func benchmarkActivity() activity.Activity {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return activity.Activity{
		ID: "acme.myshopify.com/orders/create/b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2", Product: activity.Shopify,
		Type: "order", Evidence: activity.SourceChange, Account: "acme.myshopify.com", IntegrationName: "orders",
		Time: at, Observed: at, Status: activity.Info, Description: "Order #1001 created",
		ObjectType: "order", ObjectID: "820982911946154508",
		Attributes: []otelattribute.KeyValue{
			otelattribute.String("shopify.topic", "orders/create"),
			otelattribute.String("shopify.webhook.id", "b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2"),
			otelattribute.String("shopify.event.id", "5ed9b3d5-2492-4d23-94f7-b1946ac9a1d2"),
			otelattribute.String("shopify.api.version", "2026-01"),
			otelattribute.String("shopify.order.id", "820982911946154508"),
			otelattribute.String("shopify.order.name", "#1001"),
			otelattribute.String("shopify.financial.status", "paid"),
			otelattribute.String("shopify.amount", "199.65"),
			otelattribute.String("shopify.currency", "EUR"),
		},
	}
}

func failure(message string) activity.Activity {
	a := benchmarkActivity()
	a.Status = activity.Error
	a.Description = message
	a.Error = &activity.Failure{Type: activity.ErrorValidation, Code: "422", Message: message}
	return a
}

// BenchmarkRecord takes one record at a time, so that each pays for a call of both
// processors. Every run includes a copy of the record.
func BenchmarkRecord(b *testing.B) {
	const clean = "external action failed due to status code: 422: the account Name has already been taken by another organization (35436)"
	cases := map[string]activity.Activity{
		"order":              benchmarkActivity(),
		"failure":            failure(clean),
		"failure, masked":    failure(strings.Replace(clean, "Name", "jane@example.com, +33612345678", 1)),
		"failure, 4 KiB":     failure(strings.Repeat("no one here. ", activity.MaxErrorMessage/13)),
		"description, 1 MiB": {ID: "1", Product: activity.Actions, Status: activity.Info, Description: strings.Repeat("no one here. ", 1<<20/13)},
	}
	for name := range cases {
		logs := newLogs(cases[name])
		b.Run(name+"/severity", func(b *testing.B) { benchmark(b, newSeverity(b, consumertest.NewNop()), logs) })
		b.Run(name+"/severity+redaction", func(b *testing.B) {
			benchmark(b, newSeverity(b, newRedaction(b, consumertest.NewNop())), logs)
		})
	}
}

func benchmark(b *testing.B, first consumer.Logs, logs plog.Logs) {
	b.Helper()
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		again := plog.NewLogs()
		logs.CopyTo(again)
		require.NoError(b, first.ConsumeLogs(ctx, again))
	}
}
