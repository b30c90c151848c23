// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
	"github.com/integrationlog/integrationlog/internal/storagetest"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/metadata"
)

const (
	patience = 20 * time.Second
	tick     = 2 * time.Millisecond
)

var storageID = component.MustNewIDWithName("file_storage", "state")

// noon is what the receiver's clock shows.
var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

var (
	integration = recordid.New(recordid.User, 7)
	person      = recordid.New(recordid.User, 8)
)

// world is a receiver and all that it touches.
type world struct {
	*testing.T
	*salesforceReceiver

	org     *salesforce.Org
	account *zendesk.Account
	sink    *consumertest.LogsSink
	next    consumer.Logs
	store   *storagetest.Storage
	logs    *observer.ObservedLogs
	config  *Config

	mu       sync.Mutex
	statuses []*componentstatus.Event
}

func newWorld(t *testing.T, changes ...func(*world)) *world {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	w := &world{T: t, sink: &consumertest.LogsSink{}, store: storagetest.New(), logs: logs, config: createDefaultConfig().(*Config)}
	w.next = w.sink
	var err error
	// The real ones last a minute, which the end of a test may have to wait for.
	w.org, err = salesforce.Start(salesforce.Settings{Now: func() time.Time { return noon }, PubSub: pubsub.Settings{Keepalive: 100 * time.Millisecond, CreditTimeout: time.Second}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.org.Close()) })
	w.account, err = zendesk.Start(zendesk.Settings{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.account.Close()) })
	c := w.config
	c.LoginURL = w.org.URL
	c.ClientID, c.ClientSecret = w.org.Settings().ClientID, configopaque.String(w.org.Settings().ClientSecret)
	c.IntegrationUsers = []string{recordid.Short(integration) + "," + w.org.Settings().UserID}
	c.ChangeDataCapture.Endpoint = "http://" + w.org.PubSub.Address
	c.ChangeDataCapture.MappedFields = map[string][]string{"Account": {"Name", "BillingCity"}, "Contact": {"Email"}}
	c.ChangeDataCapture.TicketField = "Zendesk_Ticket_Id__c"
	c.Storage = &storageID
	for _, change := range changes {
		change(w)
	}
	require.NoError(t, c.Validate())
	w.salesforceReceiver = w.create(zap.New(core))
	t.Cleanup(func() { require.NoError(t, w.salesforceReceiver.Shutdown(context.WithoutCancel(t.Context()))) })
	return w
}

// withZendesk lets the receiver ask Zendesk.
func withZendesk(w *world) {
	z := &w.config.Confirmation.Zendesk
	z.Endpoint, z.ClientID, z.ClientSecret = w.account.URL, w.account.Settings().ClientID, configopaque.String(w.account.Settings().ClientSecret)
}

// only leaves one topic, and no files.
func only(topics ...string) func(*world) {
	return func(w *world) {
		w.config.ChangeDataCapture.Topics = topics
		w.config.EventLogFiles.Enabled = false
	}
}

func (w *world) create(logger *zap.Logger) *salesforceReceiver {
	w.Helper()
	settings := receivertest.NewNopSettings(metadata.Type)
	settings.ID = component.NewID(metadata.Type)
	settings.Logger = logger
	r, err := newReceiver(settings, w.config, w.next)
	require.NoError(w, err)
	r.now = func() time.Time { return noon }
	return r
}

func (w *world) start() {
	w.Helper()
	require.NoError(w, w.salesforceReceiver.Start(w.Context(), w.host()))
}

func (w *world) shutdown() {
	w.Helper()
	require.NoError(w, w.salesforceReceiver.Shutdown(w.Context()))
}

// byHand reads the topics while something is done, and has no loop that does anything
// by itself.
func (w *world) byHand(do func()) {
	w.Helper()
	require.NoError(w, w.prepare(w.Context(), w.host()))
	ctx, cancel := context.WithCancel(w.Context())
	defer func() {
		cancel()
		w.shutdown()
	}()
	require.NoError(w, w.capture.poll(ctx))
	do()
}

// again is a receiver in a new process.
func (w *world) again() {
	w.Helper()
	logger := w.salesforceReceiver.settings.Logger
	w.salesforceReceiver = w.create(logger)
	w.Cleanup(func() { require.NoError(w, w.salesforceReceiver.Shutdown(context.WithoutCancel(w.Context()))) })
}

func (w *world) host() component.Host { return &host{Host: componenttest.NewNopHost(), world: w} }

type host struct {
	component.Host

	world *world
}

func (h *host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{storageID: h.world.store}
}

func (h *host) Report(event *componentstatus.Event) {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.world.statuses = append(h.world.statuses, event)
}

func (w *world) reported() (all []componentstatus.Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, event := range w.statuses {
		all = append(all, event.Status())
	}
	return all
}

// lastError is that of the last status.
func (w *world) lastError() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.statuses) == 0 || w.statuses[len(w.statuses)-1].Err() == nil {
		return ""
	}
	return w.statuses[len(w.statuses)-1].Err().Error()
}

// publish puts a change on the bus, in a transaction of its own.
func (w *world) publish(entity string, n int, change changeevent.Change) {
	w.Helper()
	if change.Type == "" {
		change.Type = changeevent.Create
	}
	prefix := map[string]string{"Account": recordid.Account, "Case": recordid.Case, "Contact": recordid.Contact, "Lead": recordid.Lead}[entity]
	if len(change.RecordIDs) == 0 && change.Type != changeevent.GapOverflow {
		change.RecordIDs = []string{recordid.New(prefix, n)}
	}
	if change.ChangeOrigin == "" {
		change.ChangeOrigin = changeevent.Origin("rest", "67.0", "")
	}
	if change.CommitUser == "" {
		change.CommitUser = integration
	}
	change.CommitTime = noon.Add(-time.Hour).Add(time.Duration(n) * time.Millisecond)
	change.TransactionKey, change.SequenceNumber = "tx-"+recordid.New(prefix, n), 1
	_, err := w.org.PubSub.Publish(entity, change)
	require.NoError(w, err)
}

// hourly adds a file about an hour, which was written an hour after its end.
func (w *world) hourly(eventType string, hour time.Time, columns []string, lines ...salesforce.Line) {
	w.org.AddLogFile(salesforce.LogFile{
		EventType: eventType, Hourly: true, Sequence: 1, LogDate: hour, CreatedDate: hour.Add(2 * time.Hour), Content: salesforce.CSV(columns, lines...),
	})
}

// eventually waits until there are as many records.
func (w *world) eventually(n int) {
	w.Helper()
	require.Eventually(w, func() bool { return w.sink.LogRecordCount() >= n }, patience, tick, "%d records", n)
}

func (w *world) records() (list []plog.LogRecord) {
	for _, logs := range w.sink.AllLogs() {
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

func (w *world) bodies() (list []string) {
	for _, record := range w.records() {
		list = append(list, record.Body().Str())
	}
	slices.Sort(list)
	return list
}

// once wants so many activities, each of them once.
func (w *world) once(n int) {
	w.Helper()
	seen := map[string]int{}
	for _, record := range w.records() {
		seen[text(record, "activity.id")]++
	}
	assert.Len(w, seen, n)
	for id, times := range seen {
		assert.Equal(w, 1, times, id)
	}
}

func text(record plog.LogRecord, key string) string {
	value, ok := record.Attributes().Get(key)
	if !ok {
		return ""
	}
	return value.AsString()
}
