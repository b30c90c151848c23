// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// connections is how many clients there are at a time, in multiples of GOMAXPROCS.
const connections = 32

// BenchmarkIntake runs all intakes one after the other, so that they can be compared.
func BenchmarkIntake(b *testing.B) {
	var bare cost
	b.Run("bare", func(b *testing.B) {
		bare = measure(b, startBare(b), webhookRequest("/"), cost{})
	})
	b.Run("shopify", func(b *testing.B) {
		measure(b, startWebhook(b, consumertest.NewNop()), webhookRequest("/shopify"), bare)
	})
	b.Run("otlp", func(b *testing.B) {
		measure(b, startOTLP(b, consumertest.NewNop()), otlpRequest(b), bare)
	})
	for _, k := range kinds {
		b.Run("shopify,"+k.name, func(b *testing.B) {
			q := startQueue(b, k)
			measureDurable(b, q, startWebhook(b, q), webhookRequest("/shopify"), bare)
		})
		b.Run("otlp,"+k.name, func(b *testing.B) {
			q := startQueue(b, k)
			measureDurable(b, q, startOTLP(b, q), otlpRequest(b), bare)
		})
	}
}

// cost is what a request took, by the clock and of the processors.
type cost struct{ clock, cpu time.Duration }

// measure posts from many connections at a time, and returns the cost of a request.
// Without bare there is nothing to compare with; with it, of-bare is how many
// requests there were for each of the bare handler's, by the clock, and of-bare-cpu
// how many for the same time of the processors.
func measure(b *testing.B, address string, r request, bare cost) cost {
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
	each := cost{b.Elapsed() / time.Duration(b.N), (cpuTime() - cpu) / time.Duration(b.N)}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(float64(each.cpu), "cpu-ns/op")
	if bare.clock > 0 && each.clock > 0 {
		b.ReportMetric(float64(bare.clock)/float64(each.clock), "of-bare")
	}
	if bare.cpu > 0 && each.cpu > 0 {
		b.ReportMetric(float64(bare.cpu)/float64(each.cpu), "of-bare-cpu")
	}
	return each
}

// measureDurable also measures until all that was accepted has left the queue.
func measureDurable(b *testing.B, q *queue, address string, r request, bare cost) {
	b.Helper()
	started := time.Now()
	measure(b, address, r, bare)
	require.Eventually(b, func() bool { return q.exported.Load() >= int64(b.N) }, 5*time.Minute, time.Millisecond)
	b.ReportMetric(float64(b.N)/time.Since(started).Seconds(), "exported/s")
}

// TestIntakes shows that each intake takes what the benchmark posts, each request
// as a record of its own.
func TestIntakes(t *testing.T) {
	tests := map[string]struct {
		start func(testing.TB, consumer.Logs) string
		r     request
	}{
		"shopify": {startWebhook, webhookRequest("/shopify")},
		"otlp":    {startOTLP, otlpRequest(t)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, k := range kinds {
				q := startQueue(t, k)
				postTwice(t, test.start(t, q), test.r)
				require.Eventually(t, func() bool { return q.exported.Load() == 2 }, 10*time.Second, time.Millisecond, k.name)
			}
			sink := new(consumertest.LogsSink)
			postTwice(t, test.start(t, sink), test.r)
			var ids []string
			for _, logs := range sink.AllLogs() {
				id, ok := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().Get("activity.id")
				require.True(t, ok)
				ids = append(ids, id.Str())
			}
			require.Len(t, ids, 2)
			require.NotEqual(t, ids[0], ids[1])
		})
	}
	t.Run("bare", func(t *testing.T) {
		address := startBare(t)
		postTwice(t, address, webhookRequest("/"))
		forged := webhookRequest("/")
		forged.body[len(forged.body)-3] = 'y'
		code, err := dial(t, address, forged).post()
		require.NoError(t, err)
		require.Equal(t, http.StatusUnauthorized, code)
	})
}

func postTwice(t *testing.T, address string, r request) {
	t.Helper()
	require.Len(t, webhookRequest("/").body, 1024)
	c := dial(t, address, r)
	for range 2 {
		code, err := c.post()
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, code)
	}
}
