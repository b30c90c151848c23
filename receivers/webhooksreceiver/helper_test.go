// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/internal/storagetest"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/metadata"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesktest"
)

var storageID = component.MustNewIDWithName("file_storage", "state")

// noon is what the receiver's clock shows at first.
var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

const hookA, hookB = "01HWEBHOOKA", "01HWEBHOOKB"

// world is a receiver, polled by hand, and all that it touches.
type world struct {
	*zendesktest.Server
	*webhooksReceiver
	sink  *consumertest.LogsSink
	next  consumer.Logs
	store *storagetest.Storage
	logs  *observer.ObservedLogs
	// telemetry has the metrics.
	telemetry *componenttest.Telemetry
	config    *Config

	mu       sync.Mutex
	statuses []componentstatus.Status
	clock    time.Time
}

func newWorld(t *testing.T, changes ...func(*world)) *world {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	w := &world{
		Server: &zendesktest.Server{
			Webhooks:    []json.RawMessage{webhook(hookA, "Notify ERP"), webhook(hookB, "Tell the warehouse")},
			Invocations: map[string][]zendesktest.Row{},
			Attempts:    map[string]json.RawMessage{},
		},
		sink: &consumertest.LogsSink{}, store: storagetest.New(), logs: logs, clock: noon, telemetry: componenttest.NewTelemetry(),
		config: createDefaultConfig().(*Config),
	}
	w.next = w.sink
	w.config.Endpoint = "https://acme.zendesk.com"
	w.config.ClientID, w.config.ClientSecret = zendesktest.ClientID, zendesktest.ClientSecret
	w.config.Storage = &storageID
	for _, change := range changes {
		change(w)
	}
	w.webhooksReceiver = w.create(t, zap.New(core))
	return w
}

func (w *world) create(t *testing.T, logger *zap.Logger) *webhooksReceiver {
	t.Helper()
	settings := receivertest.NewNopSettings(metadata.Type)
	settings.ID = component.NewID(metadata.Type)
	settings.TelemetrySettings = w.telemetry.NewTelemetrySettings()
	settings.Logger = logger
	r, err := newReceiver(settings, w.config, w.next)
	require.NoError(t, err)
	r.transport, r.now = w.Server, w.time
	return r
}

// begin prepares the receiver to be polled by hand.
func (w *world) begin(t *testing.T) {
	t.Helper()
	require.NoError(t, w.prepare(t.Context(), w.host()))
}

// restart is what a restart does; kill leaves the storage as it is.
func (w *world) restart(t *testing.T) {
	t.Helper()
	require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
	w.webhooksReceiver = w.create(t, w.webhooksReceiver.settings.Logger)
	w.begin(t)
}

func (w *world) kill(t *testing.T) {
	t.Helper()
	w.webhooksReceiver = w.create(t, w.webhooksReceiver.settings.Logger)
	w.begin(t)
}

func (w *world) poll(t *testing.T) error {
	t.Helper()
	return w.poller.Poll(t.Context())
}

func (w *world) time() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) after(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func (w *world) host() component.Host {
	return &host{Host: componenttest.NewNopHost(), world: w}
}

type host struct {
	component.Host
	*world
}

func (h *host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{storageID: h.store}
}

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.statuses = append(h.statuses, event.Status())
}

func (w *world) reported() []componentstatus.Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]componentstatus.Status(nil), w.statuses...)
}

func webhook(id, name string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"id":%q,"name":%q,"status":"active","subscriptions":["conditional_ticket_events"],
		"endpoint":"https://me:canary-pw@hooks.erp.example:8443/canary-path?key=canary-key","http_method":"POST","request_format":"json",
		"created_by":"1","created_at":"2026-01-02T03:04:05.123456789Z","authentication":{"type":"basic_auth","data":{"username":"canary-user"},"add_position":"header"}}`, id, name))
}

// row returns a row that was completed some time before noon.
func row(id, status string, code int, before time.Duration) zendesktest.Row {
	return zendesktest.Row{ID: id, Status: status, StatusCode: code, CompletedAt: noon.Add(-before).Format(time.RFC3339)}
}

func records(all ...plog.Logs) (list []plog.LogRecord) {
	for _, logs := range all {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					list = append(list, record)
				}
			}
		}
	}
	return list
}

func text(record plog.LogRecord, key string) string {
	value, ok := record.Attributes().Get(key)
	if !ok {
		return ""
	}
	return value.AsString()
}

// ids returns the invocation ids and states of all records, in order.
func (w *world) ids() (list []string) {
	for _, record := range records(w.sink.AllLogs()...) {
		list = append(list, text(record, "webhooks.invocation.id")+" "+text(record, "webhooks.status"))
	}
	return list
}

func (w *world) bodies() (list []string) {
	for _, record := range records(w.sink.AllLogs()...) {
		list = append(list, record.Body().Str())
	}
	return list
}

// serve puts the server on a port of this machine.
func (w *world) serve(t *testing.T) {
	t.Helper()
	server := httptest.NewServer(w.Server)
	t.Cleanup(server.Close)
	w.config.Endpoint = server.URL
	w.webhooksReceiver.transport = nil
}

func startAndStop(t *testing.T, w *world, until func() bool) {
	t.Helper()
	require.NoError(t, w.webhooksReceiver.Start(t.Context(), w.host()))
	require.Eventually(t, until, 10*time.Second, time.Millisecond)
	require.NoError(t, w.webhooksReceiver.Shutdown(context.WithoutCancel(t.Context())))
}
