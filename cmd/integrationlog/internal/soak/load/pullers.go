// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// Vendors are those from whom the product fetches.
type Vendors struct {
	Salesforce *salesforce.Org
	Zendesk    *zendesk.Account
}

// puller is a vendor in whom something happens.
type puller struct {
	perSecond float64
	// happen lets it happen, and returns what has to be in the log of it.
	happen func(number int, at time.Time) []ledger.Activity
	last   int
}

// run lets it happen, at once and until the context ends.
func (p *puller) run(ctx context.Context, l *ledger.Ledger) {
	ticker := time.NewTicker(time.Duration(float64(time.Second) / p.perSecond))
	defer ticker.Stop()
	for {
		p.last++
		activities := p.happen(firstNumber+p.last, time.Now())
		l.Sent(activities...)
		l.Acknowledged(0, activities...)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// changes are those of records at Salesforce.
func changes(org *salesforce.Org) *puller {
	kinds := []struct {
		entity string
		change func(n int, at time.Time, user string) changeevent.Change
	}{
		{"Case", salesforce.CaseOfTicket}, {"Account", salesforce.ChangedAccount}, {"Contact", salesforce.ChangedContact}, {"Lead", salesforce.ChangedLead},
	}
	return &puller{perSecond: 20, happen: func(number int, at time.Time) []ledger.Activity {
		kind := kinds[number%len(kinds)]
		at = at.Truncate(time.Millisecond)
		change := kind.change(number, at, org.Settings().UserID)
		if _, err := org.PubSub.Publish(kind.entity, change); err != nil {
			panic(err) // the topics of the samples are there
		}
		id := strings.Join([]string{org.Settings().OrganizationID, kind.entity, change.TransactionKey, strconv.Itoa(int(change.SequenceNumber)), string(change.Type), change.RecordIDs[0]}, "/")
		return []ledger.Activity{{
			Key: ledger.Key{Product: activity.Salesforce, ID: id}, Number: number, Form: fmt.Sprintln("salesforce", kind.entity, change.Type), At: at,
		}}
	}}
}

const (
	// CallForm is the form of calls to Salesforce's API.
	CallForm = "salesforce api_call"
	// FileAge is how old a log file is: younger ones are not read, they may not be complete.
	FileAge = 5*time.Minute + 10*time.Second
	// callAge is how old the calls in it are.
	callAge = FileAge + 10*time.Second
	// callsOfFile is how many calls are in a file. The last of them did not fail.
	callsOfFile = 20
)

// calls are those of the integration to Salesforce's API, of which hourly log files tell. What
// did not fail is not logged.
func calls(org *salesforce.Org) *puller {
	sequences := map[time.Time]int{}
	return &puller{perSecond: 0.1, happen: func(number int, at time.Time) []ledger.Activity {
		made := at.Add(-callAge).Truncate(time.Millisecond)
		hour := made.Truncate(time.Hour)
		sequences[hour]++
		var lines []salesforce.Line
		var failed []ledger.Activity
		for n := number * callsOfFile; n < (number+1)*callsOfFile; n++ {
			if n%callsOfFile == callsOfFile-1 {
				lines = append(lines, org.RestCall(n, made, http.StatusCreated, ""))
				continue
			}
			line := org.RestCall(n, made, http.StatusBadRequest, "DUPLICATES_DETECTED: Use one of these records?")
			lines = append(lines, line)
			failed = append(failed, ledger.Activity{
				Key: ledger.Key{Product: activity.Salesforce, ID: line["REQUEST_ID"]}, Number: n, Form: CallForm, At: made, Failed: true,
			})
		}
		org.AddLogFile(salesforce.LogFile{
			EventType: "RestApi", Hourly: true, Sequence: sequences[hour], LogDate: hour, CreatedDate: at.Add(-FileAge),
			Content: salesforce.CSV(salesforce.RestAPIColumns, lines...),
		})
		return failed
	}}
}

// invocations are those of a webhook at Zendesk. One in ten fails.
func invocations(account *zendesk.Account) *puller {
	webhook := account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"})
	return &puller{perSecond: 10, happen: func(number int, at time.Time) []ledger.Activity {
		invocation := zendesk.Invocation{Status: "success", StatusCode: http.StatusOK, CompletedAt: at}
		failed := number%10 == 0
		if failed {
			invocation.Status, invocation.StatusCode = "failed", http.StatusInternalServerError
		}
		id := account.AddInvocation(webhook, invocation)
		at = at.Truncate(time.Second)
		return []ledger.Activity{{
			Key:    ledger.Key{Product: activity.Webhooks, ID: strings.Join([]string{webhook, id, at.UTC().Format(time.RFC3339), invocation.Status}, "/")},
			Number: number, Form: "webhooks " + invocation.Status, At: at, Failed: failed,
		}}
	}}
}
