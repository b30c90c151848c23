// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const benchmarkEntry = `{"id":"zis:4711001:order_sync:on_ticket_created:TellWarehouse:error:18-646602214","timestamp":"2026-11-26T08:46:37Z",` +
	`"product":"zis","service":"zis","level":"error","message":"Warehouse could not be told","fields":{"subdomain":"acme","account_id":4711001,` +
	`"name":"Order","word":"w","cause":"external action failed due to status code: 404","status_code":404,"event_ref":"18-646602214",` +
	`"object":{"type":"ticket","id":"35012"},"inputs":{"a":1,"b":2},"unknown":{"a":["b","c"]}}}`

// BenchmarkParse is what entries cost beyond the intake that all receivers share.
func BenchmarkParse(b *testing.B) {
	s := testSource()
	for name, test := range map[string]struct {
		header  http.Header
		body    string
		entries int
	}{
		"one entry":         {nil, benchmarkEntry, 1},
		"one without an id": {nil, strings.Replace(benchmarkEntry, `"id"`, `"no"`, 1), 1},
		"a list of hundred": {nil, "[" + strings.Repeat(benchmarkEntry+",", 99) + benchmarkEntry + "]", 100},
		"hundred in lines":  {ndjson, strings.Repeat(benchmarkEntry+"\n", 100), 100},
	} {
		b.Run(name, func(b *testing.B) {
			body := []byte(test.body)
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				delivery, err := s.Parse(test.header, body, received)
				if err != nil || len(delivery.Activities) != test.entries {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*test.entries), "ns/entry")
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	s := testSource()
	header := http.Header{"Authorization": {"Bearer the-secret"}}
	require.True(b, s.Verify(header, nil))
	b.ReportAllocs()
	for b.Loop() {
		s.Verify(header, nil)
	}
}
