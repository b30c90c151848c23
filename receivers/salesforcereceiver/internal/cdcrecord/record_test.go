// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
)

const (
	org       = "00D5g00000AbCdEEAV"
	user      = "0055g000001AbCdAAK"
	accountID = "0015g00000AbCdEAAV"
	caseID    = "5005g00000AbCdEAAV"
	rest      = "com/salesforce/api/rest/67.0;client=Zendesk/"
)

var (
	at       = time.Date(2026, 11, 25, 10, 0, 1, 237000000, time.UTC)
	received = at.Add(2 * time.Second)
)

func rules(t *testing.T, change func(*Settings)) *Rules {
	t.Helper()
	s := Settings{
		Account: org, IntegrationUsers: []string{user[:15]},
		OutcomeStatusField: DefaultOutcomeStatusField, OutcomeMessageField: DefaultOutcomeMessageField, TicketField: "Zendesk_Ticket__c",
	}
	if change != nil {
		change(&s)
	}
	r, err := New(s)
	require.NoError(t, err)
	return r
}

func delivery() *Delivery {
	return &Delivery{Topic: "/data/ChangeEvents", EventID: "4a6b", SchemaID: "mh-1", ReplayID: []byte{0, 1, 0xAB}, Received: received}
}

func event(entity string, kind changeevent.ChangeType, changed ...string) *changeevent.Event {
	id := accountID
	if entity == "Case" {
		id = caseID
	}
	return &changeevent.Event{
		Entity: entity, RecordIDs: []string{id}, Type: kind, Origin: rest, TransactionKey: "tx-1", SequenceNumber: 2,
		CommitTime: at, CommitNumber: 9007199254740993, CommitUser: user, Changed: changed, Incomplete: kind.IsGap(),
	}
}

func one(t *testing.T, r *Rules, e *changeevent.Event) activity.Activity {
	t.Helper()
	activities, skip := r.Activities(e, delivery())
	require.Equal(t, NotSkipped, skip)
	require.Len(t, activities, 1)
	return activities[0]
}

func TestActivity(t *testing.T) {
	e := event("Account", changeevent.Update, "Name", "BillingAddress.City", "LastModifiedDate")
	e.Values = map[string]string{"Name": "Acme", "Zendesk_Ticket__c": "17"}
	require.Equal(t, activity.Activity{
		ID:      "00D5g00000AbCdEEAV/Account/tx-1/2/UPDATE/0015g00000AbCdEAAV",
		Product: activity.Salesforce, Type: "account_sync", Evidence: activity.SourceChange, Account: org,
		Time: at, Observed: received, Status: activity.Debug,
		Description: "Account 0015g00000AbCdEAAV changed in Salesforce (Name, BillingAddress.City); it should be synchronised to an organization",
		ObjectType:  "account", ObjectID: accountID,
		Attributes: []attribute.KeyValue{
			attribute.String("salesforce.topic", "/data/ChangeEvents"),
			attribute.String("salesforce.event.id", "4a6b"),
			attribute.String("salesforce.replay.id", "0001ab"),
			attribute.String("salesforce.schema.id", "mh-1"),
			attribute.String("salesforce.entity", "Account"),
			attribute.String("salesforce.change.type", "UPDATE"),
			attribute.String("salesforce.change.origin", rest),
			attribute.String("salesforce.changed_fields", "Name,BillingAddress.City,LastModifiedDate"),
			attribute.String("salesforce.commit.user", user),
			attribute.String("salesforce.commit.number", "9007199254740993"),
			attribute.String("salesforce.transaction.key", "tx-1"),
			attribute.Int64("salesforce.transaction.sequence", 2),
		},
	}, one(t, rules(t, nil), e))
}

func TestSentences(t *testing.T) {
	with := func(e *changeevent.Event, change func(*changeevent.Event)) *changeevent.Event {
		change(e)
		return e
	}
	records := func(ids ...string) func(*changeevent.Event) {
		return func(e *changeevent.Event) { e.RecordIDs = ids }
	}
	tests := []struct {
		event  *changeevent.Event
		want   string
		status activity.Status
	}{
		{event("Case", changeevent.Create), "Case 5005g00000AbCdEAAV created in Salesforce by the integration", activity.Info},
		{
			with(event("Case", changeevent.Create), func(e *changeevent.Event) { e.Values = map[string]string{"Zendesk_Ticket__c": "17.0"} }),
			"Case 5005g00000AbCdEAAV created in Salesforce by the integration, for ticket 17", activity.Info,
		},
		{event("Case", changeevent.Update, "Subject", "Status"), "Case 5005g00000AbCdEAAV changed in Salesforce by the integration (Subject, Status)", activity.Info},
		{event("Case", changeevent.Delete), "Case 5005g00000AbCdEAAV deleted in Salesforce by the integration", activity.Info},
		{event("Contact", changeevent.Create), "Contact 0015g00000AbCdEAAV created in Salesforce; it should be synchronised to a user", activity.Debug},
		{event("Lead", changeevent.Update, "Email"), "Lead 0015g00000AbCdEAAV changed in Salesforce (Email); it should be synchronised to a user", activity.Debug},
		{event("Lead", changeevent.Update, "SystemModstamp"), "Lead 0015g00000AbCdEAAV changed in Salesforce; it should be synchronised to a user", activity.Debug},
		{
			event("Lead", changeevent.Update, "A", "B", "C", "D", "E", "F", "G", "H", "I", "J"),
			"Lead 0015g00000AbCdEAAV changed in Salesforce (A, B, C, D, E, F, G, H and 2 more); it should be synchronised to a user", activity.Debug,
		},
		{event("Contact", changeevent.Delete), "Contact 0015g00000AbCdEAAV deleted in Salesforce; what becomes of its user in Zendesk is not known", activity.Debug},
		{event("Account", changeevent.Undelete), "Account 0015g00000AbCdEAAV restored from the recycle bin in Salesforce; it should be synchronised to an organization", activity.Debug},
		{event("Account", "SNAPSHOT"), "Account 0015g00000AbCdEAAV changed in Salesforce; what becomes of its organization in Zendesk is not known", activity.Debug},
		{
			with(event("Account", changeevent.Update, "Name"), records("001*")),
			"Many accounts (001*) were changed in Salesforce (Name); they should be synchronised to organizations", activity.Debug,
		},
		{
			with(event("Account", changeevent.Delete), records("*")),
			"Many accounts were deleted in Salesforce; what becomes of their organizations in Zendesk is not known", activity.Debug,
		},
		{
			event("Account", changeevent.GapUpdate),
			"Account 0015g00000AbCdEAAV changed in Salesforce, which sent no details (a gap event); look at the record to see what should be synchronised to an organization",
			activity.Warning,
		},
		{event("Case", changeevent.GapCreate), "Case 5005g00000AbCdEAAV created in Salesforce by a user of the integration, which sent no details (a gap event)", activity.Warning},
		{
			with(event("Case", changeevent.GapDelete), func(e *changeevent.Event) { e.CommitUser, e.Origin = "", "" }),
			"Case 5005g00000AbCdEAAV deleted in Salesforce, which sent no details (a gap event); whether the integration did it is not known", activity.Warning,
		},
		{
			with(event("Lead", changeevent.GapOverflow), records()),
			"Too many changes in one transaction in Salesforce, which sent no events for more of its leads (an overflow event); " +
				"which of them should be synchronised to users is not known", activity.Warning,
		},
		{
			with(event("Case", changeevent.GapOverflow), records()),
			"Too many changes in one transaction in Salesforce, which sent no events for more of its cases (an overflow event); " +
				"which of them the integration changed is not known", activity.Warning,
		},
	}
	r := rules(t, nil)
	for _, test := range tests {
		a := one(t, r, test.event)
		require.Equal(t, test.want, a.Description)
		require.Equal(t, test.status, a.Status, a.Description)
		require.NotContains(t, strings.ToLower(a.Description), "synced")
		require.Nil(t, a.Error)
		want := activity.SourceChange
		if test.event.Entity == "Case" {
			want = activity.Observed
		}
		require.Equal(t, want, a.Evidence)
	}
}

// TestWhoseCases: only those that the integration made count.
func TestWhoseCases(t *testing.T) {
	origins := func(patterns ...string) func(*Settings) { return func(s *Settings) { s.ChangeOrigins = patterns } }
	onlyOrigins := func(patterns ...string) func(*Settings) {
		return func(s *Settings) { s.IntegrationUsers, s.ChangeOrigins = nil, patterns }
	}
	tests := map[string]struct {
		settings     func(*Settings)
		user, origin string
		kind         changeevent.ChangeType
		want         Skip
	}{
		"15 letters configured":           {nil, user, "", changeevent.Create, NotSkipped},
		"18 letters configured":           {func(s *Settings) { s.IntegrationUsers = []string{user} }, user[:15], "", changeevent.Create, NotSkipped},
		"capitals differ":                 {nil, "0055G000001AbCdAAK", "", changeevent.Create, OtherUser},
		"another user":                    {nil, "0055g000001AbCeAAK", "", changeevent.Create, OtherUser},
		"no user":                         {nil, "", "", changeevent.Create, OtherUser},
		"the origin":                      {origins("com/salesforce/api/rest/*"), user, rest, changeevent.Update, NotSkipped},
		"one of the origins":              {origins("*;client=Other/*", "*;client=ZENDESK/*"), user, rest, changeevent.Update, NotSkipped},
		"a part of the origin":            {origins("com/salesforce/api/rest/"), user, rest, changeevent.Update, OtherOrigin},
		"a dot is no wildcard":            {origins("com/salesforce/api/rest/67x0*"), user, rest, changeevent.Update, OtherOrigin},
		"a person in the browser":         {origins("com/salesforce/api/rest/*"), user, "com/salesforce/api/soap/58.0;client=SfdcInternalAPI/", changeevent.Update, OtherOrigin},
		"no origin":                       {origins("*rest*"), user, "", changeevent.Update, OtherOrigin},
		"only the origin is known":        {onlyOrigins("*client=Zendesk*"), "0055g000001AbCeAAK", rest, changeevent.Update, NotSkipped},
		"nothing is known":                {onlyOrigins(), user, rest, changeevent.Update, OtherUser},
		"a gap without user and origin":   {origins("*rest*"), "", "", changeevent.GapUpdate, NotSkipped},
		"a gap of another user":           {nil, "0055g000001AbCeAAK", "", changeevent.GapUpdate, OtherUser},
		"a gap of another origin":         {origins("*rest*"), user, "other", changeevent.GapUpdate, OtherOrigin},
		"a gap where no case should come": {onlyOrigins(), "", "", changeevent.GapUpdate, OtherUser},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := event("Case", test.kind, "Subject")
			e.CommitUser, e.Origin = test.user, test.origin
			activities, skip := rules(t, test.settings).Activities(e, delivery())
			require.Equal(t, test.want, skip)
			require.Len(t, activities, map[bool]int{true: 1}[skip == NotSkipped])

			e.Entity = "Account"
			_, skip = rules(t, test.settings).Activities(e, delivery())
			require.Equal(t, NotSkipped, skip, "whoever changes an account, it should be synchronised")
		})
	}
}

func TestMergedEvent(t *testing.T) {
	e := event("Account", changeevent.Update, "Name")
	e.RecordIDs = []string{"0015g00000AbCdEAAV", "0015g00000AbCdFAAV", "001*"}
	activities, _ := rules(t, nil).Activities(e, delivery())
	require.Len(t, activities, 3)
	ids := map[string]bool{}
	for i, a := range activities {
		ids[a.ID] = true
		require.Contains(t, a.Description, e.RecordIDs[i])
	}
	require.Len(t, ids, 3)
	require.Equal(t, "0015g00000AbCdFAAV", activities[1].ObjectID)
	require.Empty(t, activities[2].ObjectID)
	require.Equal(t, attribute.String("salesforce.record.pattern", "001*"), activities[2].Attributes[len(activities[2].Attributes)-1])
	require.Len(t, activities[0].Attributes, len(activities[2].Attributes)-1)
}

// The same event by another topic, and a redelivery, are the same activity.
func TestID(t *testing.T) {
	r := rules(t, nil)
	first := one(t, r, event("Account", changeevent.Create))
	again, _ := r.Activities(event("Account", changeevent.Create), &Delivery{Topic: "/data/AccountChangeEvent", EventID: "other"})
	require.Equal(t, first.ID, again[0].ID)

	e := event("Account", changeevent.Create)
	e.TransactionKey = ""
	require.Equal(t, org+"/Account/event-4a6b/2/CREATE/"+accountID, one(t, r, e).ID)
}

func TestOtherObjects(t *testing.T) {
	activities, skip := rules(t, nil).Activities(event("Opportunity", changeevent.Create), delivery())
	require.Equal(t, OtherObject, skip)
	require.Empty(t, activities)
}

// A list of fields is bounded, and says that it is.
func TestManyFields(t *testing.T) {
	names := make([]string, 60)
	for i := range names {
		names[i] = "F"
	}
	a := one(t, rules(t, nil), event("Lead", changeevent.Update, names...))
	require.Contains(t, a.Attributes, attribute.String("salesforce.changed_fields", strings.Repeat("F,", 49)+"F"))
	require.Contains(t, a.Attributes, attribute.Int("salesforce.changed_fields.count", 60))
}

func TestTicket(t *testing.T) {
	for text, want := range map[string]string{"17": "17", "17.0": "17", "1e3": "", "-1": "", "": "", "jane@example.com": "", strings.Repeat("1", 20): ""} {
		require.Equal(t, want, digits(" "+text), text)
	}
}

func TestSettings(t *testing.T) {
	_, err := New(Settings{IntegrationUsers: []string{"jane@example.com", "0015g00000AbCdEAAV", "0055g000001AbCd!!!"}, ChangeOrigins: []string{""}})
	require.EqualError(t, err, `"jane@example.com" is no id of a user: it has 15 or 18 letters and digits and begins with 005
"0015g00000AbCdEAAV" is no id of a user: it has 15 or 18 letters and digits and begins with 005
"0055g000001AbCd!!!" is no id of a user: it has 15 or 18 letters and digits and begins with 005
a change origin is empty`)
	r := rules(t, nil)
	require.Equal(t, []string{DefaultOutcomeStatusField, DefaultOutcomeMessageField, "Zendesk_Ticket__c"}, r.Keep())
	require.Equal(t, org, r.Account())
}
