// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// BenchmarkSource is what Shopify's webhooks cost beyond the intake that all
// receivers share; internal/e2e/intakebench measures the whole.
func BenchmarkSource(b *testing.B) {
	config := createDefaultConfig().(*Config)
	config.Secrets = testSecret
	s := newSource(config)
	for _, name := range []string{"orders_delete", "fulfillments_create_success", "orders_create", "events_customer_update"} {
		q := signed(load(b, filepath.Join("testdata", "deliveries", name)))
		for name, values := range q.Header.Clone() {
			q.Header.Del(name)
			delete(q.Header, name)
			q.Header.Set(name, values[0])
		}
		b.Run(name, func(b *testing.B) {
			b.Run("verify", func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(q.Body)))
				for b.Loop() {
					if !s.Verify(q.Header, q.Body) {
						b.Fatal("not verified")
					}
				}
			})
			b.Run("parse", func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(q.Body)))
				for b.Loop() {
					_, err := s.Parse(q.Header, q.Body, time.Time{})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("record", func(b *testing.B) {
				delivery, err := s.Parse(q.Header, q.Body, time.Time{})
				require.NoError(b, err)
				b.ReportAllocs()
				for b.Loop() {
					activity.NewLogs(activity.Scope{}, delivery.Activities...)
				}
			})
		})
	}
}
