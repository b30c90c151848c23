// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// typicalPush are records as large as those of an order.
func typicalPush(tb testing.TB, records int) []byte {
	tb.Helper()
	logs := logsOf(entries("gid://shopify/Order/450789", records, afterItsStart())...)
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		record.SetSeverityNumber(plog.SeverityNumberInfo)
		record.SetSeverityText("info")
		for key, value := range map[string]string{
			activity.StatusKey: "info", activity.TypeKey: "order", activity.EvidenceKey: "source_change",
			activity.ObjectTypeKey: "order", activity.ObjectIDKey: "450789469", "shopify.topic": "orders/create",
			"shopify.api_version": "2026-10", activity.IntegrationNameKey: "Order synchronisation",
		} {
			record.Attributes().PutStr(key, value)
		}
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(tb, err)
	return body
}

// A push of 500 records in the steady state, over a connection of this machine to a
// server that does nothing with it: bare, and with the extension before it.
func BenchmarkRoundTrip(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	}))
	b.Cleanup(server.Close)
	client := http.DefaultTransport.(*http.Transport).Clone()
	b.Cleanup(client.CloseIdleConnections)
	delivery, _ := wrap(b, client)

	plain := typicalPush(b, 500)
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	_, err := w.Write(plain)
	require.NoError(b, err)
	require.NoError(b, w.Close())

	for _, form := range []struct {
		name, encoding string
		body           []byte
	}{{"plain", "", plain}, {"gzip", "gzip", compressed.Bytes()}} {
		for _, way := range []struct {
			name      string
			transport http.RoundTripper
		}{{"bare", client}, {"delivery", delivery}} {
			b.Run(form.name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(plain)))
				for b.Loop() {
					request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/otlp/v1/logs", bytes.NewReader(form.body))
					require.NoError(b, err)
					request.Header.Set("Content-Type", "application/x-protobuf")
					if form.encoding != "" {
						request.Header.Set("Content-Encoding", form.encoding)
					}
					response, err := way.transport.RoundTrip(request)
					require.NoError(b, err)
					require.Equal(b, http.StatusNoContent, response.StatusCode)
					require.NoError(b, response.Body.Close())
				}
			})
		}
	}
}
