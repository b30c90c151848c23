// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver

import (
	"cmp"
	"flag"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

var update = flag.Bool("update", false, "write the expected records of the cases anew")

// cases are what happens at Salesforce and Zendesk, and how many records that leaves. What
// leaves none stands before something that does, so that it is seen that it was read.
var cases = map[string]struct {
	happens func(w *world)
	records int
}{
	"case_by_the_integration": {records: 2, happens: func(w *world) {
		w.publish("Case", 1, changeevent.Change{CommitUser: person})
		w.publish("Case", 2, changeevent.Change{Fields: map[string]any{"Subject": "Jane cannot log in", "SuppliedEmail": "jane@example.com", "Zendesk_Ticket_Id__c": "4711"}})
		w.publish("Case", 3, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"Status": "Closed"}})
	}},
	"account_of_mapped_fields": {records: 1, happens: func(w *world) {
		w.publish("Account", 1, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"Phone": "+43 1 000"}})
		w.publish("Account", 2, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"BillingAddress.City": "Vienna"}, CommitUser: person})
	}},
	"contacts_merged": {records: 2, happens: func(w *world) {
		w.publish("Contact", 1, changeevent.Change{
			Type: changeevent.Update, RecordIDs: []string{recordid.New(recordid.Contact, 1), recordid.New(recordid.Contact, 2)}, Fields: map[string]any{"Email": nil},
		})
	}},
	"lead_created_deleted_restored": {records: 3, happens: func(w *world) {
		w.publish("Lead", 1, changeevent.Change{})
		w.publish("Lead", 2, changeevent.Change{Type: changeevent.Delete})
		w.publish("Lead", 3, changeevent.Change{Type: changeevent.Undelete})
	}},
	"gaps": {records: 3, happens: func(w *world) {
		w.publish("Lead", 1, changeevent.Change{Type: changeevent.GapDelete})
		w.publish("Lead", 2, changeevent.Change{Type: changeevent.GapOverflow})
		w.publish("Lead", 3, changeevent.Change{Type: changeevent.GapUpdate, RecordIDs: []string{"00Q*"}})
	}},
	"outcome_by_the_package": {records: 1, happens: func(w *world) {
		w.org.PubSub.UseSchema(changeevent.Account.With(
			changeevent.Field{Name: "Zendesk__Last_Sync_Status__c", Type: changeevent.Text}, changeevent.Field{Name: "Zendesk__Result__c", Type: changeevent.Text}))
		w.publish("Account", 1, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{
			"Zendesk__Last_Sync_Status__c": "Failed", "Zendesk__Result__c": "Name has already been taken",
		}})
	}},
	"event_that_cannot_be_read": {records: 1, happens: func(w *world) {
		w.org.PubSub.PublishRaw("/data/LeadChangeEvent", "bad", changeevent.Lead.ID, []byte("jane@example.com"))
	}},
	"call_in_several_files": {records: 1, happens: func(w *world) {
		hour := noon.Add(-9 * time.Hour)
		w.hourly("RestApi", hour, salesforce.RestAPIColumns,
			w.org.RestCall(1, hour.Add(time.Minute), 400, "DUPLICATES_DETECTED: Use one of these records?"), w.org.RestCall(2, hour.Add(2*time.Minute), 200, ""))
		w.hourly("ApiTotalUsage", hour, salesforce.APITotalUsageColumns, w.org.APICall(1, hour.Add(time.Minute), 400), w.org.APICall(2, hour.Add(2*time.Minute), 200))
	}},
	"call_in_the_free_file": {records: 1, happens: func(w *world) {
		day := noon.Truncate(24 * time.Hour).Add(-48 * time.Hour)
		w.org.AddLogFile(salesforce.LogFile{
			EventType: "ApiTotalUsage", LogDate: day, CreatedDate: day.Add(27 * time.Hour),
			Content: salesforce.CSV(salesforce.APITotalUsageColumns, w.org.APICall(1, day.Add(time.Hour), 403)),
		})
	}},
	"confirmed_at_zendesk": {records: 2, happens: func(w *world) {
		w.account.PutOrganization(zendesk.Organization{ID: 77, Name: "Acme", ExternalID: recordid.New(recordid.Account, 1), UpdatedAt: noon.Add(-58 * time.Minute)})
		w.publish("Account", 1, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"Name": "Acme"}})
	}},
	"not_confirmed_at_zendesk": {records: 4, happens: func(w *world) {
		w.account.PutOrganization(zendesk.Organization{ID: 77, Name: "Acme", ExternalID: recordid.New(recordid.Account, 1), UpdatedAt: noon.Add(-2 * time.Hour)})
		w.publish("Account", 1, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"Name": "Acme"}})
		w.publish("Contact", 1, changeevent.Change{})
	}},
}

// TestCases lets each case happen at a simulated organization and a simulated account, and
// compares the records with those in testdata/cases.
func TestCases(t *testing.T) {
	for name, given := range cases {
		t.Run(name, func(t *testing.T) {
			confirms := name == "confirmed_at_zendesk" || name == "not_confirmed_at_zendesk"
			w := newWorld(t, func(w *world) {
				if confirms {
					withZendesk(w)
				}
			})
			given.happens(w)
			if confirms {
				w.byHand(func() {
					w.eventually(given.records / 2)
					require.NoError(t, w.confirm(t.Context()))
				})
			} else {
				w.start()
				w.eventually(given.records)
				w.shutdown()
			}
			require.Equal(t, given.records, w.sink.LogRecordCount(), "%q", w.bodies())
			w.once(given.records)
			assert.Empty(t, w.reported())

			actual := sorted(t, w)
			file := filepath.Join("testdata", "cases", name+".yaml")
			if *update {
				require.NoError(t, golden.WriteLogsToFile(file, actual))
			}
			expected, err := golden.ReadLogs(file)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(expected, actual))
		})
	}
}

// sorted returns the records in the order of their ids, without what differs each time.
func sorted(t *testing.T, w *world) plog.Logs {
	t.Helper()
	records := w.records()
	slices.SortFunc(records, func(a, b plog.LogRecord) int { return cmp.Compare(text(a, "activity.id"), text(b, "activity.id")) })
	all := plog.NewLogs()
	first := w.sink.AllLogs()[0].ResourceLogs().At(0)
	resource := all.ResourceLogs().AppendEmpty()
	first.Resource().CopyTo(resource.Resource())
	scope := resource.ScopeLogs().AppendEmpty()
	first.ScopeLogs().At(0).Scope().CopyTo(scope.Scope())
	for _, logs := range w.sink.AllLogs() {
		for _, other := range logs.ResourceLogs().All() {
			assert.Equal(t, first.Resource().Attributes().AsRaw(), other.Resource().Attributes().AsRaw())
		}
	}
	for _, record := range records {
		assert.Equal(t, activity.EventName, record.EventName())
		assert.NotZero(t, record.ObservedTimestamp())
		if text(record, "salesforce.event.id") == "bad" {
			assert.Equal(t, record.ObservedTimestamp(), record.Timestamp(), "it does not tell its time, and has that at which it came first")
			record.SetTimestamp(0)
		} else {
			record.Attributes().Remove("salesforce.event.id")
		}
		record.SetObservedTimestamp(0)
		record.CopyTo(scope.LogRecords().AppendEmpty())
	}
	return all
}
