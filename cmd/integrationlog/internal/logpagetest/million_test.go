// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// kind is one sort of activity of the many.
type kind struct {
	weight                                                   int
	product, status, activityType, evidence, object          string
	description, errorType, errorCode, errorMessage, account string
	integrations, httpStatusCode                             int
}

var kinds = []kind{
	{weight: 300, product: "shopify", status: "info", activityType: "order", evidence: "source_change", object: "order", description: "Order %d was paid and is ready to be sent to the customer", account: "nordlicht.myshopify.com", integrations: 3},
	{weight: 150, product: "shopify", status: "info", activityType: "customer", evidence: "source_change", object: "customer", description: "Customer %d changed the address and the marketing consent", account: "suedwind.myshopify.com", integrations: 3},
	{weight: 150, product: "salesforce", status: "info", activityType: "ticket_sync", evidence: "observed", object: "ticket", description: "Ticket %d was synchronised to a case in Salesforce", account: "00D5g000004XyZaEAK", integrations: 1},
	{weight: 20, product: "salesforce", status: "error", activityType: "ticket_sync", evidence: "observed", object: "ticket", description: "Ticket %d could not be written to its case: the record is locked by another process", errorType: "conflict", errorCode: "UNABLE_TO_LOCK_ROW", errorMessage: "unable to obtain exclusive access to this record or 1 records", account: "00D5g000004XyZaEAK", integrations: 1},
	{weight: 100, product: "actions", status: "info", activityType: "action_run", evidence: "reported", object: "ticket", description: "The action looked up the subscription of ticket %d", account: "nordlicht", integrations: 12, httpStatusCode: 200},
	{weight: 6, product: "actions", status: "error", activityType: "action_run", evidence: "reported", object: "ticket", description: "The action failed for ticket %d: amount exceeds what was paid", errorType: "validation", errorCode: "amount_too_large", errorMessage: "amount exceeds what was paid", account: "nordlicht", integrations: 12, httpStatusCode: 422},
	{weight: 120, product: "webhooks", status: "info", activityType: "webhook_invocation", evidence: "reported", object: "ticket", description: "The webhook was called for ticket %d and answered in time", account: "nordlicht", integrations: 8, httpStatusCode: 200},
	{weight: 15, product: "webhooks", status: "warning", activityType: "webhook_invocation", evidence: "reported", object: "ticket", description: "The webhook for ticket %d was throttled and tried again", errorType: "rate_limit", errorMessage: "Too many requests", account: "nordlicht", integrations: 8, httpStatusCode: 429},
	{weight: 90, product: "zis", status: "info", activityType: "flow_run", evidence: "reported", object: "ticket", description: "The flow copied ticket %d to an issue of the tracker", account: "nordlicht", integrations: 20},
	{weight: 40, product: "bot-builder", status: "info", activityType: "api_call", evidence: "reported", object: "conversation", description: "The bot asked for the state of order %d", account: "nordlicht", integrations: 4, httpStatusCode: 200},
	{weight: 6, product: "bot-builder", status: "debug", activityType: "api_call", evidence: "reported", object: "conversation", description: "The bot was tried out in conversation %d", account: "nordlicht", integrations: 4},
	{weight: 3, product: "sunshine-conversations", status: "error", activityType: "delivery_failure", evidence: "reported", object: "message", description: "Message %d could not be delivered to WhatsApp: the access token was revoked", errorType: "authorization", errorCode: "unauthorized", errorMessage: "Error validating access token: the session was invalidated", account: "64f1c7a2b9e0d40012ab34cd", integrations: 2, httpStatusCode: 401},
}

// needle is in one description and in one error's message of the many, and nowhere else.
const needle = "Wassermühle"

// many returns so many activities of the week before a time, oldest first, in order.
func many(n int, now time.Time) iter.Seq[logpagetest.Activity] {
	return func(yield func(logpagetest.Activity) bool) {
		random := rand.New(rand.NewPCG(6, 6))
		total := 0
		for _, k := range kinds {
			total += k.weight
		}
		const week = 7*24*time.Hour - time.Hour
		for i := range n {
			pick, at := random.IntN(total), 0
			for pick >= kinds[at].weight {
				pick -= kinds[at].weight
				at++
			}
			happened := now.Add(-week + time.Duration(float64(week)*float64(i)/float64(n))).Truncate(time.Millisecond)
			if !yield(activityOf(random, &kinds[at], happened, i, n)) {
				return
			}
		}
	}
}

func activityOf(random *rand.Rand, k *kind, happened time.Time, i, n int) logpagetest.Activity {
	object := 100_000 + random.IntN(50_000)
	a := logpagetest.Activity{
		Time: happened, Product: k.product, Status: k.status, Type: k.activityType, Evidence: k.evidence,
		Description: fmt.Sprintf(k.description, object), Account: k.account, Integration: fmt.Sprintf("%s %d", k.activityType, random.IntN(k.integrations)),
		ID: fmt.Sprintf("%s-%016x", k.product, random.Uint64()), ObjectType: k.object, ObjectID: fmt.Sprint(object),
		ErrorType: k.errorType, ErrorCode: k.errorCode, ErrorMessage: k.errorMessage, HTTPStatusCode: k.httpStatusCode,
	}
	switch i {
	case n / 3:
		a.Description += " at the " + needle
	case n / 2:
		a.ErrorMessage = "no delivery to the " + needle
	}
	return a
}
