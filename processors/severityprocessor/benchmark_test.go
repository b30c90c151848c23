// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// canonical is what receivers that know the outcome write.
func canonical(tb testing.TB) plog.Logs {
	tb.Helper()
	logs := testLogs(tb, 25, said{attributes: attrs{
		"product": "shopify", "activity.type": "order", "activity.id": "b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2",
		"activity.object.type": "order", "activity.object.id": "820982911946154508", "shopify.topic": "orders/create",
	}})
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				record.Attributes().PutStr(activity.StatusKey, string(activity.Info))
				record.SetSeverityNumber(plog.SeverityNumberInfo)
				record.SetSeverityText(string(activity.Info))
			}
		}
	}
	return logs
}

func TestCanonicalRecordsAllocateNothing(t *testing.T) {
	p := testProcessor(t, nil)
	logs := canonical(t)
	ctx := t.Context()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = p.processLogs(ctx, logs)
	}))
}

// BenchmarkProcessLogs processes batches of 100 records. Those that change their
// record copy the batch first; the copy alone is a case of its own.
func BenchmarkProcessLogs(b *testing.B) {
	p := testProcessor(b, nil)
	ctx := b.Context()

	b.Run("canonical", func(b *testing.B) {
		logs := canonical(b)
		b.ReportAllocs()
		for b.Loop() {
			_, _ = p.processLogs(ctx, logs)
		}
	})

	cases := map[string]said{
		"number":         {number: 17, text: "ERROR"},
		"vendor's word":  {attributes: attrs{"status": "client error"}},
		"French word":    {attributes: attrs{"status": "Débogage"}},
		"unknown word":   {attributes: attrs{"status": "wibble"}},
		"HTTP code":      {attributes: attrs{"http.response.status_code": 503}},
		"nothing at all": {},
	}
	for name, said := range cases {
		logs := testLogs(b, 25, said)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				again := plog.NewLogs()
				logs.CopyTo(again)
				_, _ = p.processLogs(ctx, again)
			}
		})
	}
	b.Run("copy alone", func(b *testing.B) {
		logs := testLogs(b, 25, said{attributes: attrs{"status": "client error"}})
		b.ReportAllocs()
		for b.Loop() {
			again := plog.NewLogs()
			logs.CopyTo(again)
		}
	})
}
