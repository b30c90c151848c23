// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	simulator "github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
)

func TestEveryKindOfEvent(t *testing.T) {
	w := newWire(t, simulator.Settings{})
	person := recordid.New(recordid.User, 8)
	w.publish("Case", 1, changeevent.Change{Fields: map[string]any{"Subject": "Jane cannot log in"}})
	w.publish("Case", 2, changeevent.Change{CommitUser: person})
	w.publish("Case", 3, changeevent.Change{ChangeOrigin: changeevent.Origin("soap", "58.0", "SfdcInternalAPI/")})
	w.publish("Account", 4, changeevent.Change{CommitUser: person, Type: changeevent.Update, Fields: map[string]any{"BillingAddress.City": "Vienna", "Fax": "1"}})
	w.publish("Account", 5, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{"ShippingAddress.City": "Vienna", "Phone": "+43 1 000"}})
	w.publish("Contact", 6, changeevent.Change{
		Type: changeevent.Update, RecordIDs: []string{recordid.New(recordid.Contact, 1), recordid.New(recordid.Contact, 2)},
		Fields: map[string]any{"Name.FirstName": "Jane", "Email": nil},
	})
	w.publish("Lead", 7, changeevent.Change{Type: changeevent.GapDelete})
	w.publish("Lead", 8, changeevent.Change{Type: changeevent.GapOverflow})
	w.publish("Account", 9, changeevent.Change{Type: changeevent.GapUpdate, RecordIDs: []string{"001*"}})
	w.server.PublishRaw("/data/LeadChangeEvent", "bad", changeevent.Lead.ID, []byte("jane@example.com"))
	w.server.UseSchema(changeevent.Account.With(changeevent.Field{Name: cdcrecord.DefaultOutcomeStatusField, Type: changeevent.Text},
		changeevent.Field{Name: cdcrecord.DefaultOutcomeMessageField, Type: changeevent.Text}))
	w.publish("Account", 10, changeevent.Change{Type: changeevent.Update, Fields: map[string]any{
		cdcrecord.DefaultOutcomeStatusField: "Failed", cdcrecord.DefaultOutcomeMessageField: "Name has already been taken",
	}})
	w.run(w.settings(simulator.AllChanges))
	taken := w.eventually(9)
	require.Equal(t, []string{
		"Case " + recordid.New(recordid.Case, 2) + " created in Salesforce by the integration",
		"Account " + recordid.New(recordid.Account, 5) + " changed in Salesforce (BillingAddress.City); it should be synchronised to an organization",
		"Contact " + recordid.New(recordid.Contact, 1) + " changed in Salesforce (Name.FirstName, Email); it should be synchronised to a user",
		"Contact " + recordid.New(recordid.Contact, 2) + " changed in Salesforce (Name.FirstName, Email); it should be synchronised to a user",
		"Lead " + recordid.New(recordid.Lead, 8) + " deleted in Salesforce, which sent no details (a gap event); look at the record to see what should be synchronised to a user",
		"Too many changes in one transaction in Salesforce, which sent no events for more of its leads (an overflow event); which of them should be synchronised to users is not known",
		"Many accounts (001*) were changed in Salesforce, which sent no details (a gap event); look at the record to see what should be synchronised to an organization",
		"An event of /data/ChangeEvents cannot be read, so it is not known what changed: the payload does not fit its schema",
		"Account " + recordid.New(recordid.Account, 11) + " could not be synchronised to an organization, says Zendesk's package in Salesforce: Failed: Name has already been taken",
	}, descriptions(taken))
	require.Len(t, ids(taken), 9)
	require.Len(t, w.server.Calls(simulator.GetSchema), 5, "each once")
	for i := range taken {
		logs := activity.NewLogs(activity.Scope{}, taken[i])
		record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		text := record.Body().AsString()
		for _, value := range record.Attributes().All() {
			text += " " + value.AsString()
		}
		for _, personal := range []string{"Jane", "Vienna", "+43", "jane@"} {
			require.NotContains(t, text, personal)
		}
	}
}

func TestRestart(t *testing.T) {
	w := newWire(t, simulator.Settings{MaxBatch: 7})
	settings := w.settings("/data/LeadChangeEvent")
	for i := range 300 {
		w.publish("Lead", i, changeevent.Change{})
	}
	stop := w.run(settings)
	w.eventually(50)
	stop()
	stop = w.run(settings)
	taken := w.eventually(300)
	stop()
	require.Len(t, ids(taken), 300)
	require.Len(t, taken, 300, "what was taken until the end is not read again")
}

// TestQuietTopic: its position moves on with the others', so that it does not get too old.
func TestQuietTopic(t *testing.T) {
	w := newWire(t, simulator.Settings{Keepalive: tick})
	settings := w.settings("/data/LeadChangeEvent")
	settings.Latest = true
	stop := w.run(settings)
	position := func() (p position) {
		found, err := w.store.Load(t.Context(), PositionKey(settings.Topic), &p)
		return map[bool]position{true: p}[found && err == nil]
	}
	require.Eventually(t, func() bool { return len(position().ReplayID) == 10 }, patience, tick)
	before := position().ReplayID
	w.server.Advance()
	require.Eventually(t, func() bool { return !bytes.Equal(position().ReplayID, before) }, patience, tick)
	require.NoError(t, w.status(settings.Topic).Err)
	stop()
	w.publish("Lead", 1, changeevent.Change{})
	w.run(settings)
	w.eventually(1)
}

func TestExpiredReplayID(t *testing.T) {
	w := newWire(t, simulator.Settings{Keepalive: tick})
	settings := w.settings("/data/LeadChangeEvent")
	stop := w.run(settings)
	w.publish("Lead", 1, changeevent.Change{})
	w.eventually(1)
	stop()
	w.publish("Lead", 2, changeevent.Change{})
	w.server.ForgetEvents()
	w.publish("Lead", 3, changeevent.Change{})
	w.run(settings)
	taken := w.eventually(3)
	require.Contains(t, taken[1].Description, "Salesforce cannot go on after the last event of /data/LeadChangeEvent that was read")
	require.Equal(t, activity.Warning, taken[1].Status)
	require.Equal(t, recordid.New(recordid.Lead, 4), taken[2].ObjectID)
	require.Len(t, w.server.Calls(simulator.Subscribe), 3)
}

// TestReadAgain: what comes by two topics, or again from the beginning, is handed over once.
func TestReadAgain(t *testing.T) {
	w := newWire(t, simulator.Settings{Keepalive: tick})
	lead, all := w.settings("/data/LeadChangeEvent"), w.settings(simulator.AllChanges)
	lead.Recent, all.Recent = w.recent, w.recent
	for i := range 200 {
		w.publish("Lead", i, changeevent.Change{})
	}
	stop := w.run(lead, all)
	w.eventually(200)
	stop()
	require.NoError(t, w.store.Save(t.Context(), PositionKey(lead.Topic), position{ReplayID: []byte("of another org"), CompleteUntil: time.Now()}))
	w.publish("Lead", 200, changeevent.Change{})
	w.run(lead, all)
	taken := w.eventually(202)
	require.Eventually(t, func() bool {
		var p position
		found, err := w.store.Load(t.Context(), PositionKey(lead.Topic), &p)
		return found && err == nil && len(p.ReplayID) == 10
	}, patience, tick)
	require.Len(t, w.all(), 202, "with the warning")
	require.Len(t, ids(taken), 202)
}

func TestSessionOfTheTokenEnds(t *testing.T) {
	w := newWire(t, simulator.Settings{})
	w.run(w.settings("/data/LeadChangeEvent"))
	for i := range 3 {
		w.publish("Lead", i, changeevent.Change{})
		w.eventually(i + 1)
		w.endSession()
	}
	w.publish("Lead", 3, changeevent.Change{})
	require.Len(t, ids(w.eventually(4)), 4)
	require.Len(t, w.all(), 4)
}

// A schema that cannot be fetched for a while costs no event.
func TestSchemaUnavailable(t *testing.T) {
	w := newWire(t, simulator.Settings{})
	w.server.FailNext(simulator.GetSchema, 3, simulator.SchemaUnavailable)
	w.publish("Lead", 1, changeevent.Change{})
	w.run(w.settings("/data/LeadChangeEvent"))
	require.Equal(t, "lead_sync", w.eventually(1)[0].Type)
	require.Len(t, w.server.Calls(simulator.Subscribe), 1, "nor a second delivery")
}

// TestOthersGoOn: a topic that fails does not stop the others, nor does one that is silent.
func TestOthersGoOn(t *testing.T) {
	w := newWire(t, simulator.Settings{Keepalive: 20 * time.Millisecond})
	w.server.Forbid("/data/AccountChangeEvent", true)
	w.server.Silence("/data/ContactChangeEvent", true)
	lead, account, contact := w.settings("/data/LeadChangeEvent"), w.settings("/data/AccountChangeEvent"), w.settings("/data/ContactChangeEvent")
	contact.Silence = 100 * time.Millisecond
	w.run(lead, account, contact)
	w.publish("Lead", 1, changeevent.Change{})
	w.publish("Contact", 2, changeevent.Change{})
	w.eventually(1)
	require.Eventually(t, func() bool { return w.status(account.Topic).Err != nil }, patience, tick)
	require.ErrorContains(t, w.status(account.Topic).Err, "View All Records")
	require.Eventually(t, func() bool { return errors.Is(w.status(contact.Topic).Err, errSilent) }, patience, tick)
	require.NoError(t, w.status(lead.Topic).Err)
	w.server.Silence("/data/ContactChangeEvent", false)
	w.eventually(2)
	require.Eventually(t, func() bool { return w.status(contact.Topic).Err == nil }, patience, tick)
}

// TestNothingIsLostOrDoubled: whatever ends the streams, and whatever the pipeline refuses.
func TestNothingIsLostOrDoubled(t *testing.T) {
	const events = 2000
	w := newWire(t, simulator.Settings{Keepalive: tick, CreditTimeout: 3 * tick})
	w.refuses = true
	settings := []Settings{w.settings("/data/LeadChangeEvent"), w.settings("/data/CaseChangeEvent")}
	stop := w.run(settings...)
	failures := []simulator.Failure{simulator.Unavailable, simulator.ConnectionReset, simulator.SubscriptionInternal}
	for i := range events {
		w.publish([]string{"Lead", "Case"}[i%2], i, changeevent.Change{})
		switch i % 100 {
		case 20:
			w.server.KillStreams(failures[i/100%len(failures)])
		case 40:
			w.server.FailNext(simulator.Subscribe, 2, failures[i/100%len(failures)])
		case 60:
			w.eventually(i / 2)
		case 80:
			if i%500 == 80 {
				w.endSession()
			}
		}
	}
	w.eventually(events)
	stop()
	taken := w.all()
	require.Len(t, taken, events)
	require.Len(t, ids(taken), events)
	for _, call := range w.server.Calls(simulator.Subscribe) {
		for _, n := range call.Requested {
			require.Positive(t, n)
			require.LessOrEqual(t, n, int32(maxCredit))
		}
	}
	last := map[string]int{}
	for i := range taken {
		_, transaction, _ := strings.Cut(taken[i].ID, "/tx-")
		number, err := strconv.Atoi(strings.Split(transaction, "/")[0])
		require.NoError(t, err)
		require.GreaterOrEqual(t, number, last[taken[i].Type], "in their order")
		last[taken[i].Type] = number
	}
}
