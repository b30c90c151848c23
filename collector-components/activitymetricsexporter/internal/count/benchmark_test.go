// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"strconv"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// BenchmarkCount is what one record costs: one that is new, or that was counted before, or
// that has no id to know it by.
func BenchmarkCount(b *testing.B) {
	const records = 100
	for name, change := range map[string]func(record plog.LogRecord, round, i int){
		"new": func(record plog.LogRecord, round, i int) {
			record.Attributes().PutStr(activity.IDKey, "gid://shopify/Order/"+strconv.Itoa(round*records+i))
		},
		"counted": func(plog.LogRecord, int, int) {},
		"no_id":   func(record plog.LogRecord, _, _ int) { record.Attributes().PutStr(activity.IDKey, "") },
	} {
		b.Run(name, func(b *testing.B) {
			bench := newBench(b, func(s *Settings) { s.MaxActivities = 100_000 })
			logs := full(records)
			slice := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
			b.ReportAllocs()
			round := 0
			for b.Loop() {
				b.StopTimer()
				round++
				for i, record := range slice.All() {
					change(record, round, i)
				}
				b.StartTimer()
				bench.Count(logs)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*records), "ns/record")
		})
	}
}

// full returns records as the receivers make them, one in ten of them a failure.
func full(records int) plog.Logs {
	list := make([]activity.Activity, records)
	for i := range list {
		list[i] = order("gid://shopify/Order/"+strconv.Itoa(i), noon, noon, activity.Info)
		list[i].Evidence, list[i].Account, list[i].IntegrationName = activity.Observed, "acme.myshopify.com", "Order sync"
		list[i].ObjectType, list[i].ObjectID = "order", "820982911946154508"
		if i%10 == 0 {
			list[i].Status = activity.Error
			list[i].Error = &activity.Failure{Type: activity.ErrorRateLimit, Code: "429", Message: "Exceeded 2 calls per second"}
		}
	}
	return activity.NewLogs(activity.Scope{}, list...)
}
