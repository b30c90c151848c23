// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// Change is a change of a record in Salesforce, and what Zendesk made of it.
type Change struct {
	// Entity is Case, Account, Contact or Lead.
	Entity string
	Change changeevent.Change
	// Organization or User is what Zendesk has since; both are nil if it has followed not.
	Organization *zendesk.Organization
	User         *zendesk.User
}

// Call is a call of Zendesk's integration to Salesforce: a row of an event log file. Those
// that succeeded are no lines of the log.
type Call struct {
	// Number tells calls apart.
	Number int
	Method string
	Entity string
	// RecordID is empty of a call that creates a record.
	RecordID string
	Status   int
	// Exception is Salesforce's text of a failure: a code, a colon and words.
	Exception string
}

// Product implements What.
func (Change) Product() activity.Product { return activity.Salesforce }

// Product implements What.
func (Call) Product() activity.Product { return activity.Salesforce }

var (
	// IntegrationUser is as whom Zendesk's integration works in Salesforce.
	IntegrationUser = recordid.New(recordid.User, 1)
	// colleague is somebody who works in Salesforce.
	colleague = recordid.New(recordid.User, 7)
)

// confirmationTimeout is after what time the log no longer waits for Zendesk to follow.
const confirmationTimeout = 15 * time.Minute

// org is what the integration has done in Salesforce so far.
type org struct {
	// cases are the tickets that have one.
	cases map[int]bool
	// created counts the records that were created, calls the calls.
	created, calls int
}

// addSalesforce adds what happens in Salesforce: the changes of the last 72 hours, which is
// how long it keeps them, and calls of the integration, which stand in hourly files that come
// some hours late.
func (c *Company) addSalesforce() {
	o := &org{cases: map[int]bool{}}
	changes := c.now.Add(-changesSpan)
	c.add(source{name: "cases", perDay: 62, curve: &office, from: changes, happen: func(d dice, at time.Time) []Event {
		return []Event{once(at, o.caseOf(d, at, c.ticket(d, at)))}
	}})
	c.add(source{name: "updates", perDay: 38, curve: &office, from: changes, happen: func(d dice, at time.Time) []Event {
		return []Event{once(at, o.update(d, at))}
	}})
	c.add(source{name: "creations", perDay: 13, curve: &office, from: changes, past: true, happen: func(d dice, at time.Time) []Event {
		return []Event{o.create(d, at)}
	}})
	files := c.now.Truncate(time.Hour).Add(-filesDelay)
	c.add(source{name: "calls", perDay: 90, curve: &office, to: files, past: true, happen: func(d dice, at time.Time) []Event {
		return []Event{o.call(d, at)}
	}})
}

// caseOf is the case that the integration makes of a ticket, or changes.
func (o *org) caseOf(d dice, at time.Time, ticket int) Change {
	change := salesforce.CaseOfTicket(ticket, at, IntegrationUser)
	change.Type = changeevent.Update
	change.Fields = map[string]any{"Status": pick(d, "Working", "Escalated", "Closed")}
	if !o.cases[ticket] {
		o.cases[ticket] = true
		change.Type = changeevent.Create
		change.Fields = map[string]any{
			"CaseNumber": fmt.Sprintf("%08d", ticket), "Status": "New", "Origin": "Web", "Subject": "Where is my order?", "SuppliedEmail": pick(d, persons...).email,
			"CreatedDate": at, "CreatedById": IntegrationUser,
		}
	}
	return o.commit(d, "Case", change)
}

// update is a change by a colleague that should perhaps be synchronised.
func (o *org) update(d dice, at time.Time) Change {
	n := 200 + d.IntN(60)
	switch d.IntN(5) {
	case 0:
		return o.commit(d, "Lead", salesforce.ChangedLead(n, at, colleague))
	case 1, 2:
		return o.commit(d, "Account", salesforce.ChangedAccount(n, at, colleague))
	default:
		return o.commit(d, "Contact", salesforce.ChangedContact(n, at, colleague))
	}
}

// create is a record that a colleague made. Mostly Zendesk has it some seconds later; of
// those that it has not the log says so after a while.
func (o *org) create(d dice, at time.Time) Event {
	o.created++
	n := 5000 + o.created
	var change Change
	if d.chance(0.3) {
		change = o.commit(d, "Account", salesforce.ChangedAccount(n, at, colleague))
	} else {
		change = o.commit(d, "Contact", salesforce.ChangedContact(n, at, colleague))
	}
	change.Change.Type = changeevent.Create
	if d.chance(0.14) {
		return Event{At: at, What: change, Logged: []time.Time{at, at.Add(confirmationTimeout)}}
	}
	followed := at.Add(d.between(3*time.Second, 40*time.Second)).Truncate(time.Second)
	id, zendeskID := change.Change.RecordIDs[0], int64(38_001_000_000+n)
	if change.Entity == "Account" {
		change.Organization = &zendesk.Organization{ID: zendeskID, Name: fmt.Sprint("Company ", n), ExternalID: id, CreatedAt: followed, UpdatedAt: followed}
	} else {
		change.User = &zendesk.User{ID: zendeskID, Name: fmt.Sprint("Contact ", n), Role: "end-user", ExternalID: id, CreatedAt: followed, UpdatedAt: followed}
	}
	return Event{At: at, What: change, Logged: []time.Time{at, followed}}
}

// commit gives a change a transaction of its own.
func (*org) commit(d dice, entity string, change changeevent.Change) Change {
	change.TransactionKey = d.uuid()
	change.CommitNumber = change.CommitTime.UnixNano()
	return Change{Entity: entity, Change: change}
}

// exceptions are why calls of the integration fail all the time.
var exceptions = []string{
	"DUPLICATES_DETECTED: Use one of these records?",
	"DUPLICATES_DETECTED: Use one of these records?",
	"FIELD_CUSTOM_VALIDATION_EXCEPTION: A closed case needs a reason",
	"FIELD_CUSTOM_VALIDATION_EXCEPTION: A closed case needs a reason",
	"REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]",
	"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: bad value for restricted picklist field: Urgent",
	"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: insufficient access rights on cross-reference id",
	"STRING_TOO_LONG: Subject: data value too large (max length=255)",
}

// call is a call of the integration; of a hundred some nine fail.
func (o *org) call(d dice, at time.Time) Event {
	if d.chance(0.09) {
		exception := pick(d, exceptions...)
		if strings.HasPrefix(exception, "DUPLICATES") || strings.HasPrefix(exception, "REQUIRED") {
			return o.failed(d, at, "Contact", http.MethodPost, exception)
		}
		return o.failed(d, at, "Case", http.MethodPatch, exception)
	}
	o.calls++
	return Event{At: at, What: Call{Number: o.calls, Method: http.MethodPost, Entity: "Case", Status: http.StatusCreated}}
}

// failed is a call that failed.
func (o *org) failed(d dice, at time.Time, entity, method, exception string) Event {
	o.calls++
	call := Call{Number: o.calls, Method: method, Entity: entity, Status: http.StatusBadRequest, Exception: exception}
	if method == http.MethodPatch {
		call.RecordID = recordid.New(recordid.Case, firstTicket+d.IntN(900))
	}
	return once(at, call)
}
