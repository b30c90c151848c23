// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/storagetest"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/metadata"
)

// backlog is how many events the benchmark drains: many days of most organizations.
const backlog = 200_000

// BenchmarkBacklog drains a backlog of four topics through the whole receiver, into a
// consumer that counts. The simulated organization runs in the same process, so its work is
// in the events a second; its events are not in the heap that is told: what is live beyond
// what was there before the receiver began, in the first and in the second half of the
// backlog.
func BenchmarkBacklog(b *testing.B) {
	org, err := salesforce.Start(salesforce.Settings{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, org.Close()) })
	publishBacklog(b, org)
	// The organization's heap would put off every collection of the receiver's garbage.
	normal := debug.SetGCPercent(20)
	b.Cleanup(func() { debug.SetGCPercent(normal) })
	b.ReportAllocs()
	b.ResetTimer()
	var mu sync.Mutex
	var halves [2]uint64
	for b.Loop() {
		b.StopTimer()
		runtime.GC() //nolint:revive // what making the events has left must not count
		before := liveHeap()
		b.StartTimer()
		drain(b, org, func(taken int64) {
			live := liveHeap()
			mu.Lock()
			defer mu.Unlock()
			half := &halves[min(taken/(backlog/2), 1)]
			*half = max(*half, live-min(live, before))
		})
	}
	b.ReportMetric(backlog*float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(halves[0])/(1<<20), "MiB-in-1st-half")
	b.ReportMetric(float64(halves[1])/(1<<20), "MiB-in-2nd-half")
}

func publishBacklog(b *testing.B, org *salesforce.Org) {
	b.Helper()
	objects := []struct {
		entity string
		sample func(n int, at time.Time, user string) changeevent.Change
	}{
		{"Case", salesforce.CaseOfTicket}, {"Account", salesforce.ChangedAccount}, {"Contact", salesforce.ChangedContact}, {"Lead", salesforce.ChangedLead},
	}
	begin := time.Now().Add(-time.Hour)
	for n := range backlog {
		of := objects[n%len(objects)]
		_, err := org.PubSub.Publish(of.entity, of.sample(n, begin.Add(time.Duration(n)*time.Millisecond), integration))
		require.NoError(b, err)
	}
}

// drain runs a receiver until its consumer has the backlog.
func drain(b *testing.B, org *salesforce.Org, observe func(taken int64)) {
	b.Helper()
	config := createDefaultConfig().(*Config)
	config.LoginURL, config.ClientID, config.ClientSecret = org.URL, org.Settings().ClientID, configopaque.String(org.Settings().ClientSecret)
	config.IntegrationUsers = []string{recordid.Short(integration)}
	config.ChangeDataCapture.Endpoint = "http://" + org.PubSub.Address
	config.EventLogFiles.Enabled = false
	config.Storage = &storageID
	var taken atomic.Int64
	done := make(chan struct{})
	next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error {
		n := taken.Add(int64(logs.LogRecordCount()))
		observe(n)
		if n == backlog {
			close(done)
		}
		return nil
	})
	require.NoError(b, err)
	r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), config, next)
	require.NoError(b, err)
	require.NoError(b, r.Start(b.Context(), (&world{store: storagetest.New()}).host()))
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		b.Fatalf("%d of %d events came", taken.Load(), backlog)
	}
	require.NoError(b, r.Shutdown(b.Context()))
}

// liveHeap is what the last collection of garbage has found to be in use.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
