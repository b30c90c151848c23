// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// changesOnly leaves out the calls, whose ids nobody else can tell.
const changesOnly = `{product="salesforce"} | activity_type != "api_call"`

// integrationUser is the user as whom Zendesk's integration works.
var integrationUser = recordid.New(recordid.User, 7)

// prefixes are what ids of each kind of record begin with.
var prefixes = map[string]string{"Account": recordid.Account, "Case": recordid.Case, "Contact": recordid.Contact, "Lead": recordid.Lead}

// organization is a simulated one, with a ledger of what happened in it.
type organization struct {
	*salesforce.Org

	mu     sync.Mutex
	ledger map[string]bool
}

// addSalesforce starts an organization, which an installation knows by nothing but the
// variables.
func addSalesforce(t *testing.T, all *harness.Installation) *organization {
	t.Helper()
	return &organization{Org: all.AddSalesforce(t, recordid.Short(integrationUser)), ledger: map[string]bool{}}
}

func installWithSalesforce(t *testing.T) (*harness.Installation, *organization) {
	t.Helper()
	all := install(t)
	return all, addSalesforce(t, all)
}

// publish puts the n-th change of an object on the bus, and what has to be in the log of it
// into the ledger.
func (o *organization) publish(t *testing.T, entity string, n int, change changeevent.Change) {
	t.Helper()
	if change.Type == "" {
		change.Type = changeevent.Create
	}
	if change.RecordIDs == nil && change.Type != changeevent.GapOverflow {
		change.RecordIDs = []string{recordid.New(prefixes[entity], n)}
	}
	if change.CommitUser == "" {
		change.CommitUser = integrationUser
	}
	if change.CommitTime.IsZero() {
		change.CommitTime = time.Now()
	}
	change.ChangeOrigin = changeevent.Origin("rest", "67.0", "")
	change.TransactionKey, change.SequenceNumber = "tx-"+strconv.Itoa(n), 1
	o.mu.Lock()
	defer o.mu.Unlock()
	records := change.RecordIDs
	if records == nil {
		records = []string{""}
	}
	for _, record := range records {
		o.ledger[fmt.Sprintf("%s/%s/%s/1/%s/%s", o.Settings().OrganizationID, entity, change.TransactionKey, change.Type, record)] = true
	}
	_, err := o.PubSub.Publish(entity, change)
	require.NoError(t, err)
}

// requireInLoki requires that list and count have each change once, and nothing else but
// calls.
func (o *organization) requireInLoki(t *testing.T, loki *harness.Loki, within time.Duration) {
	t.Helper()
	harness.Eventually(t, within, func(ctx context.Context) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		return storedBy(ctx, loki, changesOnly, activityLabel, o.ledger, nil)
	})
}

// Changes of every kind and a failed call of a log file that came late are in the log a
// moment after the start, beside each other, and nothing personal or secret gets anywhere.
func TestSalesforce(t *testing.T) {
	all, org := installWithSalesforce(t)
	hour := time.Now().Add(-9 * time.Hour).Truncate(time.Hour)
	org.AddLogFile(salesforce.LogFile{
		EventType: "RestApi", Hourly: true, Sequence: 1, LogDate: hour, CreatedDate: time.Now().Add(-10 * time.Minute),
		Content: salesforce.CSV(salesforce.RestAPIColumns,
			org.RestCall(1, hour.Add(time.Minute), 400, "DUPLICATES_DETECTED: canary@example.com is there already"), org.RestCall(2, hour.Add(time.Minute), 201, "")),
	})
	org.publish(t, "Case", 1, changeevent.Change{Fields: map[string]any{"Subject": "canary", "SuppliedEmail": "canary@example.com"}})
	org.publish(t, "Account", 2, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"Name": "canary"}})
	org.publish(t, "Contact", 3, changeevent.Change{
		Type: changeevent.Update, RecordIDs: []string{recordid.New(recordid.Contact, 1), recordid.New(recordid.Contact, 2)}, Fields: map[string]any{"Email": "canary@example.com"},
	})
	org.publish(t, "Lead", 4, changeevent.Change{Type: changeevent.Delete})
	org.publish(t, "Lead", 5, changeevent.Change{Type: changeevent.Undelete})
	org.publish(t, "Lead", 6, changeevent.Change{Type: changeevent.GapUpdate})
	org.publish(t, "Account", 7, changeevent.Change{Type: changeevent.GapOverflow})
	process, _ := all.Run(t)
	org.requireInLoki(t, all.Loki, 30*time.Second)
	for _, want := range []struct{ status, kind, evidence, line string }{
		{"info", "ticket_sync", "observed", "created in Salesforce by the integration"},
		{"debug", "account_sync", "source_change", "changed in Salesforce (Name); it should be synchronised to an organization"},
		{"debug", "contact_sync", "source_change", "changed in Salesforce (Email); it should be synchronised to a user"},
		{"debug", "lead_sync", "source_change", "restored from the recycle bin"},
		{"warning", "lead_sync", "source_change", "a gap event"},
		{"warning", "account_sync", "source_change", "an overflow event"},
		{"error", "api_call", "observed", "DUPLICATES_DETECTED, HTTP 400"},
	} {
		selector := fmt.Sprintf(`{product="salesforce", status=%q} | activity_type=%q |= %q`, want.status, want.kind, want.line)
		harness.Eventually(t, 30*time.Second, func(ctx context.Context) error {
			entries, err := all.Loki.Entries(ctx, selector)
			if err == nil && len(entries) == 0 {
				err = fmt.Errorf("no entry of %s", selector)
			}
			for _, entry := range entries {
				assert.Equal(t, want.evidence, entry.Labels["activity_evidence"])
				assert.Equal(t, org.Settings().OrganizationID, entry.Labels["integration_account"])
				assert.NotRegexp(t, marks, fmt.Sprint(entry))
			}
			return err
		})
	}
	calls := awaitEntries(t, all.Loki, `{product="salesforce", status="error"}`, 1)
	assert.Equal(t, "400", calls[0].Labels["http_response_status_code"])
	assert.Equal(t, "DUPLICATES_DETECTED", calls[0].Labels["error_code"])
	assert.Equal(t, hour.Add(time.Minute).Unix(), calls[0].Time.Unix(), "when it happened")
	assert.Len(t, process.Stdout.Lines("Salesforce ", "  on   "+org.URL), 1)
	require.NoError(t, all.Healthy(t.Context()))
	for _, text := range []string{process.Stdout.String(), process.Stderr.String(), all.ReadText(t, all.TelemetryURL())} {
		require.NotRegexp(t, marks, text)
		require.NotContains(t, text, org.Settings().ClientSecret)
		require.NotContains(t, text, "!AQ", "a token")
	}
	process.Stop(t)

	// One more file, for the same day and with the same call in it, and one call of its own.
	org.AddLogFile(salesforce.LogFile{
		EventType: "RestApi", LogDate: hour.Truncate(24 * time.Hour), CreatedDate: time.Now().Add(-6 * time.Minute),
		Content: salesforce.CSV(salesforce.RestAPIColumns,
			org.RestCall(1, hour.Add(time.Minute), 400, "DUPLICATES_DETECTED: canary@example.com is there already"), org.RestCall(3, hour.Add(-time.Hour), 503, "SERVER_UNAVAILABLE: x")),
	})
	org.publish(t, "Lead", 8, changeevent.Change{})
	process, _ = all.Run(t)
	org.requireInLoki(t, all.Loki, 30*time.Second)
	awaitEntries(t, all.Loki, `{product="salesforce"} | activity_type="api_call"`, 2)
	process.Stop(t)
}

// What happened while the collector stood still for an hour is read when it comes back: each
// change once, at its own time, and what log files were written.
func TestEventsWhileTheCollectorIsStopped(t *testing.T) {
	all, org := installWithSalesforce(t)
	org.publish(t, "Lead", 1, changeevent.Change{})
	process, _ := all.Run(t)
	org.requireInLoki(t, all.Loki, 30*time.Second)
	process.Stop(t)
	const backlog = 4000
	for n := range backlog {
		at := time.Now().Add(-time.Hour + time.Duration(n)*time.Hour/backlog)
		org.publish(t, []string{"Account", "Case", "Contact", "Lead"}[n%4], 2+n, changeevent.Change{CommitTime: at})
	}
	calls := newLogFiles(org, 1)
	for range 24 {
		calls.write()
	}
	calls.complete()
	process, took := all.Run(t)
	org.requireInLoki(t, all.Loki, time.Minute)
	calls.requireInLoki(t, all.Loki, time.Minute)
	t.Logf("ready after %s, and %d changes and %d failed calls in the log after %s", took, backlog, len(calls.ledger), time.Since(process.Began))
	process.Stop(t)
}

// A topic that is forbidden does not stop the others, and says what is missing.
func TestOneTopicIsForbidden(t *testing.T) {
	all, org := installWithSalesforce(t)
	org.PubSub.Forbid("/data/AccountChangeEvent", true)
	_, err := org.PubSub.Publish("Account", changeevent.Change{Type: changeevent.Create, RecordIDs: []string{recordid.New(recordid.Account, 1)}, CommitTime: time.Now()})
	require.NoError(t, err)
	org.publish(t, "Lead", 1, changeevent.Change{})
	process, _ := all.Run(t)
	org.requireInLoki(t, all.Loki, 30*time.Second)
	harness.Eventually(t, 30*time.Second, func(context.Context) error {
		if len(process.Stderr.Lines("A topic cannot be read at the moment", "/data/AccountChangeEvent", "View All Records")) == 0 {
			return fmt.Errorf("nothing is said: %s", process.Stderr.Tail(2000))
		}
		return nil
	})
	for n := range 20 {
		org.publish(t, []string{"Case", "Contact", "Lead"}[n%3], 10+n, changeevent.Change{})
	}
	org.requireInLoki(t, all.Loki, 30*time.Second)
	metrics, err := all.Metrics(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, 1, metrics.Sum("otelcol_salesforce_failing_topics"), 0)
	process.Stop(t)
}

// What became of a change is found out at Zendesk, with the client that reads its webhooks;
// of updates, of those of the fields that a variable names.
func TestConfirmation(t *testing.T) {
	all, org := installWithSalesforce(t)
	account := addZendesk(t, all)
	all.Env["SALESFORCE_ACCOUNT_FIELDS"] = "Name, Phone"
	now := time.Now()
	account.PutOrganization(zendesk.Organization{ID: 77, Name: "Acme", ExternalID: recordid.New(recordid.Account, 1), UpdatedAt: now.Add(-time.Minute)})
	org.publish(t, "Contact", 1, changeevent.Change{CommitTime: now.Add(-20 * time.Minute)})
	org.publish(t, "Account", 1, changeevent.Change{Type: changeevent.Update, CommitTime: now.Add(-2 * time.Minute), Fields: map[string]any{"Phone": "+43 1 000"}})
	org.publish(t, "Account", 2, changeevent.Change{Type: changeevent.Update, CommitTime: now.Add(-2 * time.Minute), Fields: map[string]any{"Website": "https://example.com"}})
	process, _ := all.Run(t)
	confirmed := awaitEntries(t, all.Loki, `{product="salesforce", status="info"}`, 1)
	assert.Equal(t, "Account "+recordid.New(recordid.Account, 1)+" is synchronised to organization 77", confirmed[0].Line)
	assert.Equal(t, "observed", confirmed[0].Labels["activity_evidence"])
	missing := awaitEntries(t, all.Loki, `{product="salesforce", status="warning"}`, 1)
	assert.Contains(t, missing[0].Line, "Contact "+recordid.New(recordid.Contact, 1)+" is not confirmed: 15 minutes after it changed, no user at Zendesk")
	others, err := all.Loki.Entries(t.Context(), fmt.Sprintf(`{product="salesforce"} | activity_object_id=%q`, recordid.New(recordid.Account, 2)))
	require.NoError(t, err)
	assert.Empty(t, others, "no field of it is synchronised")
	require.NoError(t, all.Healthy(t.Context()))
	process.Stop(t)
}
