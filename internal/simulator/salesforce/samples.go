// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"fmt"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
)

// CaseOfTicket is the change that Zendesk's integration makes when it has synchronised
// the n-th ticket: it creates a Case, or updates the one that is there.
func CaseOfTicket(n int, at time.Time, user string) changeevent.Change {
	change := sample(recordid.Case, n, at, user)
	change.ChangeOrigin = changeevent.Origin("rest", "67.0", "Zendesk")
	change.Fields = map[string]any{"Status": "Working"}
	if n%3 == 0 {
		change.Type = changeevent.Create
		change.Fields = map[string]any{
			"CaseNumber": fmt.Sprintf("%08d", n), "Status": "New", "Origin": "Web", "Subject": "Where is my order?", "SuppliedEmail": "ada@example.com",
			"Zendesk_Ticket_Id__c": strconv.Itoa(n), "CreatedDate": at, "CreatedById": user,
		}
	}
	return change
}

// ChangedAccount is a change of an account that should be synchronised to Zendesk.
func ChangedAccount(n int, at time.Time, user string) changeevent.Change {
	change := sample(recordid.Account, n, at, user)
	change.Fields = map[string]any{"Name": "Company " + strconv.Itoa(n), "BillingAddress.City": "Paris"}
	return change
}

// ChangedContact is a change of a contact that should be synchronised to Zendesk.
func ChangedContact(n int, at time.Time, user string) changeevent.Change {
	change := sample(recordid.Contact, n, at, user)
	change.Fields = map[string]any{"Name.LastName": "Lovelace", "Email": fmt.Sprintf("ada%d@example.com", n)}
	return change
}

// ChangedLead is a change of a lead that should be synchronised to Zendesk.
func ChangedLead(n int, at time.Time, user string) changeevent.Change {
	change := sample(recordid.Lead, n, at, user)
	change.Fields = map[string]any{"Status": "Contacted", "Phone": "+33 1 23 45 67 89"}
	return change
}

// sample is an update by a person.
func sample(kind string, n int, at time.Time, user string) changeevent.Change {
	return changeevent.Change{
		Type: changeevent.Update, RecordIDs: []string{recordid.New(kind, n)}, CommitUser: user, CommitTime: at,
		ChangeOrigin:   changeevent.Origin("soap", "67.0", "SfdcInternalAPI/"),
		TransactionKey: fmt.Sprintf("0002343d-9d90-e395-ed20-%012x", n), SequenceNumber: 1, CommitNumber: int64(1_073_518_965_434_567_800 + n),
	}
}

// APICall is a line of ApiTotalUsage: the n-th call that Zendesk's integration made.
func (o *Org) APICall(n int, at time.Time, status int) Line {
	return Line{
		"EVENT_TYPE": "ApiTotalUsage", "REQUEST_ID": requestID(n), "ORGANIZATION_ID": recordid.Short(o.settings.OrganizationID),
		"USER_ID": recordid.Short(o.settings.UserID), "USER_NAME": o.settings.Username, "API_FAMILY": "REST", "API_VERSION": "67.0",
		"API_RESOURCE": "/v67.0/sobjects/Case", "CLIENT_NAME": "Zendesk", "HTTP_METHOD": "POST", "CLIENT_IP": "192.0.2.7", "COUNTS_AGAINST_API_LIMIT": "1",
		"CONNECTED_APP_NAME": "Zendesk", "ENTITY_NAME": "Case", "STATUS_CODE": strconv.Itoa(status), "API_CLIENT_CATEGORY": "EXTERNAL_APPLICATION",
	}.At(at)
}

// RestCall is a line of RestApi. A message of an exception makes it a failure.
func (o *Org) RestCall(n int, at time.Time, status int, exception string) Line {
	outcome := "S"
	if exception != "" {
		outcome = "F"
	}
	return Line{
		"EVENT_TYPE": "RestApi", "REQUEST_ID": requestID(n), "ORGANIZATION_ID": recordid.Short(o.settings.OrganizationID),
		"USER_ID": recordid.Short(o.settings.UserID), "USER_ID_DERIVED": o.settings.UserID, "URI": "/services/data/v67.0/sobjects/Case",
		"REQUEST_STATUS": outcome, "METHOD": "POST", "MEDIA_TYPE": "application/json", "STATUS_CODE": strconv.Itoa(status), "RUN_TIME": "87", "ENTITY_NAME": "Case",
		"EXCEPTION_MESSAGE": exception, "CLIENT_NAME": "Zendesk", "CLIENT_IP": "192.0.2.7", "ROWS_PROCESSED": "1",
	}.At(at)
}

func requestID(n int) string { return fmt.Sprintf("4-%022d", n) }
