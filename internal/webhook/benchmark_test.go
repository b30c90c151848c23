// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// benchmarkSource does what every source has to do, and as good as nothing else: its
// body and signature are always the same, and the id is in a header.
type benchmarkSource struct{ verifier *HMACVerifier }

func (s benchmarkSource) Verify(header http.Header, body []byte) bool {
	return s.verifier.Verify(Header(header, signature), body)
}

func (benchmarkSource) Parse(header http.Header, _ []byte, received time.Time) (Delivery, error) {
	return Delivery{Activities: []activity.Activity{{
		ID: Header(header, "X-Webhook-Id"), Product: activity.Shopify, Type: "order", Evidence: activity.SourceChange,
		Account: "acme.myshopify.com", Time: received, Observed: received, Description: "Order #1001 created",
		ObjectType: "order", ObjectID: "820982911946154508",
		Attributes: []attribute.KeyValue{attribute.String("shopify.topic", "orders/create")},
	}}}, nil
}

func (benchmarkSource) Reply(outcome Outcome) int { return DefaultReply(outcome) }

var benchmarkBody = []byte(`{"note":"` + strings.Repeat("x", 1_014) + `"}`)

func benchmarkRequest(tb testing.TB, endpoint string) *http.Request {
	tb.Helper()
	request, err := http.NewRequest(http.MethodPost, "http://"+endpoint+"/fake", http.NoBody)
	require.NoError(tb, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(signature, sign(testSecret, string(benchmarkBody)))
	return request
}

// startBenchmark returns the endpoint of a receiver whose pipeline takes everything
// at once. It has the metrics that a collector has.
func startBenchmark(b *testing.B) (*webhookReceiver, string) {
	b.Helper()
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()))
	settings := receivertest.NewNopSettings(testType)
	settings.MeterProvider = provider
	config := NewDefaultConfig("/fake")
	config.ServerConfig.NetAddr.Endpoint = freeEndpoint(b)
	source := benchmarkSource{NewHMACVerifier([]configopaque.String{testSecret})}
	r, err := NewReceiver(settings, &config, testScope, source, consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, r.Start(b.Context(), componenttest.NewNopHost()))
	b.Cleanup(func() {
		require.NoError(b, r.Shutdown(context.Background()))
		require.NoError(b, provider.Shutdown(context.Background()))
	})
	return r.(*webhookReceiver), config.ServerConfig.NetAddr.Endpoint
}

// postInParallel sends webhooks over keep-alive connections, as many at a time as a
// busy shop's. The client's own cost is part of it.
func postInParallel(b *testing.B, endpoint string) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1_000}}
	defer client.CloseIdleConnections()
	var n atomic.Int64
	b.SetParallelism(16)
	b.ReportAllocs()
	b.SetBytes(int64(len(benchmarkBody)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		request := benchmarkRequest(b, endpoint)
		for pb.Next() {
			request.Header["X-Webhook-Id"] = []string{strconv.FormatInt(n.Add(1), 10)}
			request.Body = io.NopCloser(bytes.NewReader(benchmarkBody))
			request.ContentLength = int64(len(benchmarkBody))
			response, err := client.Do(request)
			if err != nil {
				b.Error(err)
				return
			}
			if response.StatusCode != http.StatusOK {
				b.Error(response.Status)
			}
			_ = response.Body.Close()
		}
	})
}

// discard is a writer that keeps nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header             { return d.header }
func (d *discard) Write(p []byte) (int, error)     { return len(p), nil }
func (d *discard) WriteHeader(int)                 {}
func (d *discard) SetReadDeadline(time.Time) error { return nil }

// BenchmarkIntake measures one webhook of 1 KB, from the request to the answer.
func BenchmarkIntake(b *testing.B) {
	// the route alone: what this package costs
	b.Run("route", func(b *testing.B) {
		r, _ := startBenchmark(b)
		request := benchmarkRequest(b, "localhost")
		request.ContentLength = int64(len(benchmarkBody))
		body := bytes.NewReader(nil)
		request.Body = io.NopCloser(body)
		w := &discard{header: http.Header{}}
		b.ReportAllocs()
		for n := int64(0); b.Loop(); n++ {
			request.Header["X-Webhook-Id"] = []string{strconv.FormatInt(n, 10)}
			body.Reset(benchmarkBody)
			r.route.ServeHTTP(w, request)
		}
	})
	// the same with confighttp around it, over the loopback interface
	b.Run("loopback", func(b *testing.B) {
		_, endpoint := startBenchmark(b)
		postInParallel(b, endpoint)
	})
	// what net/http and the signature alone cost, for comparison
	b.Run("bare", func(b *testing.B) {
		verifier := NewHMACVerifier([]configopaque.String{testSecret})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || !verifier.Verify(r.Header.Get(signature), body) {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
		defer server.Close()
		postInParallel(b, strings.TrimPrefix(server.URL, "http://"))
	})
}
