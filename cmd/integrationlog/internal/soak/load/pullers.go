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
	happen func(number int, at time.Time) ledger.Activity
	last   int
}

// run lets it happen until the context ends.
func (p *puller) run(ctx context.Context, l *ledger.Ledger, times float64) {
	ticker := time.NewTicker(time.Duration(float64(time.Second) / (p.perSecond * times)))
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		p.last++
		a := p.happen(firstNumber+p.last, time.Now())
		l.Sent(a)
		l.Acknowledged(0, a)
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
	return &puller{perSecond: 20, happen: func(number int, at time.Time) ledger.Activity {
		kind := kinds[number%len(kinds)]
		at = at.Truncate(time.Millisecond)
		change := kind.change(number, at, org.Settings().UserID)
		if _, err := org.PubSub.Publish(kind.entity, change); err != nil {
			panic(err) // the topics of the samples are there
		}
		id := strings.Join([]string{org.Settings().OrganizationID, kind.entity, change.TransactionKey, strconv.Itoa(int(change.SequenceNumber)), string(change.Type), change.RecordIDs[0]}, "/")
		return ledger.Activity{
			Key: ledger.Key{Product: activity.Salesforce, ID: id}, Number: number, Form: fmt.Sprintln("salesforce", kind.entity, change.Type), At: at,
		}
	}}
}

// invocations are those of a webhook at Zendesk. One in ten fails.
func invocations(account *zendesk.Account) *puller {
	webhook := account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"})
	return &puller{perSecond: 10, happen: func(number int, at time.Time) ledger.Activity {
		invocation := zendesk.Invocation{Status: "success", StatusCode: http.StatusOK, CompletedAt: at}
		failed := number%10 == 0
		if failed {
			invocation.Status, invocation.StatusCode = "failed", http.StatusInternalServerError
		}
		id := account.AddInvocation(webhook, invocation)
		at = at.Truncate(time.Second)
		return ledger.Activity{
			Key:    ledger.Key{Product: activity.Webhooks, ID: strings.Join([]string{webhook, id, at.UTC().Format(time.RFC3339), invocation.Status}, "/")},
			Number: number, Form: "webhooks " + invocation.Status, At: at, Failed: failed,
		}
	}}
}
