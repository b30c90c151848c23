// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/metadata"
)

const testSecret = "canary-secret-of-the-shop"

// sign signs as Shopify does.
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func testConfig(tb testing.TB) *Config {
	tb.Helper()
	config := createDefaultConfig().(*Config)
	config.Secrets = testSecret
	config.Config.ServerConfig.NetAddr.Endpoint = freeAddress(tb)
	return config
}

func freeAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	defer func() { require.NoError(tb, listener.Close()) }()
	return listener.Addr().String()
}

// running is a receiver that runs, and what it says.
type running struct {
	url       string
	sink      *consumertest.LogsSink
	log       *observer.ObservedLogs
	telemetry *componenttest.Telemetry
	client    *http.Client
}

// start runs a receiver until the test ends. Without next it hands over to the sink.
func start(tb testing.TB, config *Config, next consumer.Logs) *running {
	tb.Helper()
	core, log := observer.New(zapcore.DebugLevel)
	r := &running{
		url:       "http://" + config.Config.ServerConfig.NetAddr.Endpoint + config.Config.Path,
		sink:      new(consumertest.LogsSink),
		log:       log,
		telemetry: componenttest.NewTelemetry(),
		client:    &http.Client{Transport: &http.Transport{}},
	}
	if next == nil {
		next = r.sink
	}
	settings := receivertest.NewNopSettings(metadata.Type)
	settings.TelemetrySettings = r.telemetry.NewTelemetrySettings()
	settings.Logger = zap.New(core)
	receiver, err := NewFactory().CreateLogs(tb.Context(), settings, config, next)
	require.NoError(tb, err)
	require.NoError(tb, receiver.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		r.client.CloseIdleConnections()
		require.NoError(tb, receiver.Shutdown(ctx))
		require.NoError(tb, r.telemetry.Shutdown(ctx))
	})
	return r
}

// delivery is what Shopify posts, but for the signature.
type delivery struct {
	header http.Header
	body   []byte
}

// newDelivery returns a classic webhook; each id is a delivery of its own.
func newDelivery(topic, id, body string) delivery {
	return delivery{
		header: http.Header{
			"Content-Type":          {"application/json"},
			"X-Shopify-Topic":       {topic},
			"X-Shopify-Shop-Domain": {"fern-and-flint.myshopify.com"},
			"X-Shopify-Webhook-Id":  {id},
		},
		body: []byte(body),
	}
}

// loadDelivery reads a fixture. Its headers keep the case that they are written in.
func loadDelivery(tb testing.TB, directory string) delivery {
	tb.Helper()
	var names map[string]string
	text, err := os.ReadFile(filepath.Join(directory, "headers.json"))
	require.NoError(tb, err)
	require.NoError(tb, json.Unmarshal(text, &names))
	d := delivery{header: http.Header{}}
	for name, value := range names {
		d.header[name] = []string{value}
	}
	d.body, err = os.ReadFile(filepath.Join(directory, "body.json"))
	require.NoError(tb, err)
	return d
}

// signed returns a copy with the signature in the header of its family.
func (d delivery) signed(secret string) delivery {
	header := d.header.Clone()
	name := "X-Shopify-Hmac-Sha256"
	for given := range header {
		if given == "shopify-topic" { // in lower case, as Shopify sends it
			name = "shopify-hmac-sha256"
		}
	}
	header[name] = []string{sign(secret, d.body)}
	return delivery{header: header, body: d.body}
}

// reply is what Shopify gets to see.
type reply struct {
	code   int
	header http.Header
	body   string
}

func (r *running) post(tb testing.TB, d delivery) reply {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, r.url, bytes.NewReader(d.body))
	require.NoError(tb, err)
	request.Header = d.header
	return r.do(tb, request)
}

func (r *running) do(tb testing.TB, request *http.Request) reply {
	tb.Helper()
	response, err := r.client.Do(request)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(tb, err)
	return reply{code: response.StatusCode, header: response.Header, body: string(body)}
}

// said is everything that the receiver has logged.
func (r *running) said() string {
	var text bytes.Buffer
	for _, entry := range r.log.All() {
		fmt.Fprintln(&text, entry.Level, entry.Message, entry.ContextMap())
	}
	return text.String()
}
