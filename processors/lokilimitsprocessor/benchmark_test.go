// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// full returns records as the receivers make them, with an error and attributes of
// the vendor.
func full(records int) plog.Logs {
	ids := make([]string, records)
	for i := range ids {
		ids[i] = fmt.Sprintf("gid://shopify/Order/%d", 820982911946154508+i)
	}
	logs := lokilimitstest.Good(noon, ids...)
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		record.SetSeverityNumber(plog.SeverityNumberError)
		record.SetSeverityText("error")
		attributes := record.Attributes()
		attributes.PutStr(activity.StatusKey, string(activity.Error))
		attributes.PutStr(activity.ErrorTypeKey, string(activity.ErrorRateLimit))
		attributes.PutStr(activity.ErrorMessageKey, strings.Repeat("Exceeded 2 calls per second. ", 10))
		attributes.PutInt(activity.HTTPStatusCodeKey, 429)
		attributes.PutStr("shopify.topic", "orders/create")
		attributes.PutStr("shopify.webhook.id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")
		attributes.PutStr("shopify.api_version", "2026-10")
	}
	return logs
}

// BenchmarkGood is the path that nearly every record takes. A good record stays as it
// is, so that one input does for all rounds.
func BenchmarkGood(b *testing.B) {
	for _, records := range []int{1, 100} {
		b.Run(fmt.Sprintf("records=%d", records), func(b *testing.B) {
			bench := newBench(b)
			logs := full(records)
			b.ReportAllocs()
			for b.Loop() {
				_, err := bench.processLogs(b.Context(), logs)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*records), "ns/record")
		})
	}
}

// BenchmarkHostile is the path of records that have to be taken apart.
func BenchmarkHostile(b *testing.B) {
	for _, name := range []string{"names that become the same", "500 attributes", "payload of 70 KB", "300 KB line"} {
		for _, c := range lokilimitstest.Cases(noon) {
			if c.Name != name {
				continue
			}
			b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
				bench := newBench(b)
				template := c.Logs(noon)
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					logs := plog.NewLogs()
					template.CopyTo(logs)
					b.StartTimer()
					_, err := bench.processLogs(b.Context(), logs)
					require.NoError(b, err)
				}
			})
		}
	}
}
