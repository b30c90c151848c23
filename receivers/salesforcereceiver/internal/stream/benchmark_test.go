// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	simulator "github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
)

// BenchmarkDrain reads a backlog of 20,000 events over a connection of this machine. The
// server runs in the same process, so its share is in the figures too.
func BenchmarkDrain(b *testing.B) {
	const events = 20_000
	w := newWire(b, simulator.Settings{})
	for i := range events {
		w.publish("Account", i, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{
			"Name": "Acme", "BillingAddress.City": "Vienna", "Phone": "+43 1 000", "Website": "https://example.com", "Description": "A customer of ours.",
		}})
	}
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak uint64
	for b.Loop() {
		settings := w.settings("/data/AccountChangeEvent")
		settings.Positions = forgetful{}
		var taken atomic.Int64
		ctx, cancel := context.WithCancel(b.Context())
		settings.Deliver = func(_ context.Context, activities []activity.Activity) error {
			n := taken.Add(int64(len(activities)))
			if n%1000 == 0 {
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapInuse)
			}
			if n >= events {
				cancel()
			}
			return nil
		}
		require.NoError(b, New(settings).Run(ctx))
		cancel()
		require.Equal(b, int64(events), taken.Load())
	}
	b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(peak-min(peak, before.HeapInuse))/(1<<20), "MiB-more-heap")
}

// forgetful begins each time anew.
type forgetful struct{}

func (forgetful) Load(context.Context, string, any) (bool, error) { return false, nil }

func (forgetful) Save(context.Context, string, any) error { return nil }

// BenchmarkTranslate is the part of it that is not the network's.
func BenchmarkTranslate(b *testing.B) {
	w := newWire(b, simulator.Settings{})
	w.publish("Account", 1, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"Name": "Acme", "BillingAddress.City": "Vienna"}})
	subscription, err := w.client.Subscribe(b.Context())
	require.NoError(b, err)
	require.NoError(b, subscription.Send((&position{}).request("/data/AccountChangeEvent", false)))
	answer, err := subscription.Receive()
	require.NoError(b, err)
	settings := w.settings("/data/AccountChangeEvent")
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := settings.Translate(b.Context(), answer.GetEvents()[0], now); err != nil {
			b.Fatal(err)
		}
	}
}
