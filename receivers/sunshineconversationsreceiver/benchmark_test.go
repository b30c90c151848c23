// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// BenchmarkSource is what Sunshine Conversations' webhooks cost beyond the intake that
// all receivers share.
func BenchmarkSource(b *testing.B) {
	hundred := make([]string, 100)
	for i := range hundred {
		hundred[i] = failureEvent(i)
	}
	s := newSource(testConfig())
	for name, request := range map[string]webhooktest.Request{
		"failure":          fixture(b, "delivery_failure_whatsapp_131047"),
		"ignored":          fixture(b, "delivery_user"),
		"several users":    fixture(b, "batch_of_several_users"),
		"hundred failures": batch(b, hundred...),
		"version 1.1":      fixture(b, "v1.1_delivery_failure"),
	} {
		b.Run(name, func(b *testing.B) {
			b.Run("verify", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if !s.Verify(request.Header, request.Body) {
						b.Fatal("not verified")
					}
				}
			})
			b.Run("parse", func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(request.Body)))
				for b.Loop() {
					if _, err := s.Parse(request.Header, request.Body, time.Time{}); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("record", func(b *testing.B) {
				delivery, err := s.Parse(request.Header, request.Body, time.Time{})
				require.NoError(b, err)
				b.ReportAllocs()
				for b.Loop() {
					activity.NewLogs(activity.Scope{}, delivery.Activities...)
				}
			})
		})
	}
}
