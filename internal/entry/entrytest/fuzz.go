// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver"
	"golang.org/x/net/http/httpguts"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// FuzzHandler posts anything, with a valid secret, to the receiver that runs.
func FuzzHandler(f *testing.F, factory receiver.Factory) {
	f.Helper()
	for _, request := range fixtures(f) {
		f.Add(request.Header.Get("Content-Type"), request.Body)
	}
	f.Add("application/xml", []byte("<entry/>"))
	r := webhooktest.Start(f, subject(factory), nil)
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		if !httpguts.ValidHeaderFieldValue(contentType) {
			t.Skip("no client can send this")
		}
		r.Sink.Reset()
		reply := r.Post(t, webhooktest.Request{Header: newRequest("").With("Content-Type", contentType).Header, Body: body})
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusUnsupportedMediaType}, reply.Code)
		if reply.Code != http.StatusOK {
			require.Zero(t, r.Sink.LogRecordCount())
			require.Equal(t, http.StatusText(reply.Code)+"\n", reply.Body)
		}
		for _, logs := range r.Sink.AllLogs() { // none, where it came before
			webhooktest.RequireValid(t, logs, "product", "activity.type", "activity.evidence", "activity.id")
		}
	})
}

// BenchmarkReceiver posts each fixture that is one object to the receiver that runs, over
// HTTP. internal/entry measures the parts.
func BenchmarkReceiver(b *testing.B, factory receiver.Factory) {
	b.Helper()
	r := webhooktest.Start(b, subject(factory), nil)
	entries := objects(b)
	for b.Loop() {
		for _, entry := range entries {
			if r.Post(b, newRequest(entry)).Code != http.StatusOK {
				b.Fatal("refused")
			}
		}
		r.Sink.Reset()
	}
	b.ReportMetric(float64(b.N*len(entries))/b.Elapsed().Seconds(), "entries/s")
}
