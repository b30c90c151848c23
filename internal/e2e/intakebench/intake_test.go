// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"fmt"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// connections is how many clients there are at a time, in multiples of GOMAXPROCS.
const connections = 32

// BenchmarkIntake posts one record a request: to a bare handler, to the receiver of the
// product, and, as OTLP/JSON, to the collector's own receiver.
func BenchmarkIntake(b *testing.B) {
	for _, p := range products {
		b.Run(p.name, func(b *testing.B) { compare(b, p, 1) })
	}
}

// BenchmarkBatch posts many records a request.
func BenchmarkBatch(b *testing.B) {
	for _, p := range products {
		if !p.batches {
			continue
		}
		for _, records := range []int{10, 100} {
			b.Run(fmt.Sprintf("%s/records=%d", p.name, records), func(b *testing.B) { compare(b, p, records) })
		}
	}
}

func compare(b *testing.B, p product, records int) {
	b.Helper()
	r := p.request(b, records)
	b.Run("bare", func(b *testing.B) { measure(b, startBare(b), r) })
	b.Run("otlp", func(b *testing.B) { measure(b, startOTLP(b, consumertest.NewNop()), otlpRequest(b, p, r)) })
	b.Run("receiver", func(b *testing.B) { measure(b, startReceiver(b, p, consumertest.NewNop()), r) })
}

// BenchmarkQueue posts Shopify's webhooks, and the same records as OTLP/JSON, until they
// are in the exporter's queue on disk.
func BenchmarkQueue(b *testing.B) {
	shopify := products[0]
	r := shopify.request(b, 1)
	for _, k := range kinds {
		b.Run(k.name+"/otlp", func(b *testing.B) {
			q := startQueue(b, k)
			measureDurable(b, q, startOTLP(b, q), otlpRequest(b, shopify, r))
		})
		b.Run(k.name+"/shopify", func(b *testing.B) {
			q := startQueue(b, k)
			measureDurable(b, q, startReceiver(b, shopify, q), r)
		})
	}
}

// measure posts from many connections at a time. It tells the processor time of client
// and server by record, because what the machine does besides is not in it.
func measure(b *testing.B, address string, r request) {
	b.Helper()
	b.SetParallelism(connections)
	free := make(chan *client, connections*runtime.GOMAXPROCS(0))
	for range cap(free) {
		free <- dial(b, address, r)
	}
	b.ReportAllocs()
	cpu := cpuTime()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		c := <-free
		for pb.Next() {
			if code, err := c.post(); err != nil || code != http.StatusOK {
				b.Errorf("answered with %d, %v", code, err)
				return
			}
		}
	})
	b.StopTimer()
	records := float64(b.N * r.records)
	b.ReportMetric(float64(cpuTime()-cpu)/records, "cpu-ns/record")
	b.ReportMetric(records/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(0, "ns/op")
}

// measureDurable also measures until all that was accepted has left the queue.
func measureDurable(b *testing.B, q *queue, address string, r request) {
	b.Helper()
	started := time.Now()
	measure(b, address, r)
	require.Eventually(b, func() bool { return q.exported.Load() >= int64(b.N) }, 5*time.Minute, time.Millisecond)
	b.ReportMetric(float64(b.N)/time.Since(started).Seconds(), "exported/s")
}

// TestIntakes shows that each intake takes what the benchmark posts, each request
// as records of their own.
func TestIntakes(t *testing.T) {
	for _, p := range products {
		t.Run(p.name, func(t *testing.T) {
			for _, records := range []int{1, 10} {
				if records > 1 && !p.batches {
					continue
				}
				sink := new(consumertest.LogsSink)
				r := p.request(t, records)
				address := startReceiver(t, p, sink)
				postTwice(t, address, r)
				require.Equal(t, 2*records, sink.LogRecordCount())
				require.Len(t, ids(t, sink), 2*records)

				sink.Reset()
				postTwice(t, startOTLP(t, sink), otlpRequest(t, p, r))
				require.Equal(t, 2*records, sink.LogRecordCount())
				requireOnlyOwn(t, startBare(t), r)
				requireOnlyOwn(t, address, r)
			}
		})
	}
}

// TestQueues shows that each queue exports what it took.
func TestQueues(t *testing.T) {
	shopify := products[0]
	r := shopify.request(t, 1)
	require.Len(t, r.body, 1024)
	for _, k := range kinds {
		q := startQueue(t, k)
		postTwice(t, startReceiver(t, shopify, q), r)
		postTwice(t, startOTLP(t, q), otlpRequest(t, shopify, r))
		require.Eventually(t, func() bool { return q.exported.Load() == 4 }, 10*time.Second, time.Millisecond, k.name)
	}
}

// ids returns the different ids of the records.
func ids(t *testing.T, sink *consumertest.LogsSink) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, logs := range sink.AllLogs() {
		records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
		for _, record := range records.All() {
			id, ok := record.Attributes().Get("activity.id")
			require.True(t, ok)
			found[id.Str()] = true
		}
	}
	return found
}

func postTwice(t *testing.T, address string, r request) {
	t.Helper()
	c := dial(t, address, r)
	for range 2 {
		code, err := c.post()
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, code)
	}
}

// requireOnlyOwn posts once with the right credential and once with another.
func requireOnlyOwn(t *testing.T, address string, r request) {
	t.Helper()
	code, err := dial(t, address, r).post()
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, code)
	r.header = apiKey + ": another secret\r\n"
	code, err = dial(t, address, r).post()
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, code)
}
