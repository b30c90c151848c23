// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitiestest // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// kind is one sort of activity of the week.
type kind struct {
	// weight is how often it occurs among the others.
	weight                               int
	product, activityType, evidence      string
	integration, account, objectType     string
	description                          string
	status, errorType, errorCode, reason string
	httpStatusCode                       int
}

const (
	shop      = "nordlicht-outdoor.myshopify.com"
	org       = "00D5g000004XyZaEAK"
	subdomain = "nordlicht"
	app       = "64f1c7a2b9e0d40012ab34cd"
)

// kinds are what the products do. In a description %s is the object's id.
var kinds = []kind{
	{weight: 30, product: "shopify", activityType: "order", evidence: "source_change", integration: "zendesk", account: shop, objectType: "order", description: "Order %s was paid", status: "info"},
	{weight: 14, product: "shopify", activityType: "customer", evidence: "source_change", integration: "zendesk", account: shop, objectType: "customer", description: "Customer %s was updated", status: "info"},
	{weight: 12, product: "shopify", activityType: "fulfillment", evidence: "source_change", integration: "zendesk", account: shop, objectType: "fulfillment", description: "Fulfillment %s was shipped", status: "info"},
	{weight: 26, product: "salesforce", activityType: "ticket_sync", evidence: "observed", account: org, objectType: "ticket", description: "Ticket %s was synchronised to a case", status: "info"},
	{weight: 8, product: "salesforce", activityType: "account_sync", evidence: "source_change", account: org, objectType: "account", description: "Account %s was changed in Salesforce", status: "info"},
	{weight: 8, product: "salesforce", activityType: "contact_sync", evidence: "source_change", account: org, objectType: "contact", description: "Contact %s was changed in Salesforce", status: "info"},
	{weight: 3, product: "salesforce", activityType: "ticket_sync", evidence: "observed", account: org, objectType: "ticket", description: "Ticket %s could not be written to its case: the record is locked by another process", status: "error", errorType: "conflict", errorCode: "UNABLE_TO_LOCK_ROW", reason: "unable to obtain exclusive access to this record"},
	{weight: 18, product: "bot-builder", activityType: "api_call", evidence: "reported", integration: "Order status bot", account: subdomain, objectType: "conversation", description: "The bot asked for the state of an order", status: "info", httpStatusCode: 200},
	{weight: 2, product: "bot-builder", activityType: "api_call", evidence: "reported", integration: "Order status bot", account: subdomain, objectType: "conversation", description: "The bot's call failed: the order service did not answer in time", status: "error", errorType: "timeout", reason: "context deadline exceeded", httpStatusCode: 504},
	{weight: 16, product: "actions", activityType: "action_run", evidence: "reported", integration: "Refund an order", account: subdomain, objectType: "ticket", description: "The action refunded an order of ticket %s", status: "info", httpStatusCode: 200},
	{weight: 2, product: "actions", activityType: "action_test", evidence: "reported", integration: "Refund an order", account: subdomain, description: "The action was tested", status: "debug"},
	{weight: 2, product: "actions", activityType: "action_run", evidence: "reported", integration: "Refund an order", account: subdomain, objectType: "ticket", description: "The action failed for ticket %s: amount exceeds what was paid", status: "error", errorType: "validation", errorCode: "amount_too_large", reason: "amount exceeds what was paid", httpStatusCode: 422},
	{weight: 22, product: "zis", activityType: "flow_run", evidence: "reported", integration: "jira_sync", account: subdomain, objectType: "ticket", description: "The flow copied ticket %s to Jira", status: "info"},
	{weight: 3, product: "zis", activityType: "flow_run", evidence: "reported", integration: "jira_sync", account: subdomain, objectType: "ticket", description: "The flow tried ticket %s again: Jira answers slowly", status: "warning", errorType: "rate_limit", reason: "Too many requests", httpStatusCode: 429},
	{weight: 20, product: "webhooks", activityType: "webhook_invocation", evidence: "reported", integration: "Notify the warehouse", account: subdomain, objectType: "ticket", description: "The webhook was called for ticket %s", status: "info", httpStatusCode: 200},
	{weight: 3, product: "sunshine-conversations", activityType: "delivery_failure", evidence: "reported", integration: "WhatsApp", account: app, objectType: "message", description: "A message could not be delivered to WhatsApp: the access token was revoked", status: "error", errorType: "authorization", errorCode: "unauthorized", reason: "Error validating access token: the session was invalidated", httpStatusCode: 401},
}

// Week returns some 1,800 activities of the seven days before now: the same for the same
// time. Nights are quiet, and the last day has an incident of Salesforce.
func Week(now time.Time) []activities.Activity {
	random := rand.New(rand.NewPCG(6, 6))
	var week []activities.Activity
	for at := now.Add(-7 * day); at.Before(now); {
		pause := 4 * time.Minute
		if hour := at.Hour(); hour < 6 || hour > 21 {
			pause = 25 * time.Minute
		}
		at = at.Add(time.Duration(random.ExpFloat64() * float64(pause)))
		if at.Before(now) {
			week = append(week, one(random, kinds, at))
		}
	}
	locked := kinds[6:7]
	for at := now.Add(-9 * time.Hour); at.Before(now.Add(-8 * time.Hour)); {
		at = at.Add(time.Duration(random.ExpFloat64() * float64(50*time.Second)))
		week = append(week, one(random, locked, at))
	}
	return week
}

func one(random *rand.Rand, from []kind, at time.Time) activities.Activity {
	total := 0
	for i := range from {
		total += from[i].weight
	}
	pick := random.IntN(total)
	k := from[0]
	for i := range from {
		if k = from[i]; pick < k.weight {
			break
		}
		pick -= k.weight
	}
	a := activities.Activity{
		Time: at.Truncate(time.Millisecond), Product: k.product, Status: k.status, Description: k.description,
		Type: k.activityType, Evidence: k.evidence, Integration: k.integration, Account: k.account,
		ID:        fmt.Sprintf("%s-%012x", k.product, random.Uint64N(1<<48)),
		ErrorType: k.errorType, ErrorCode: k.errorCode, ErrorMessage: k.reason, HTTPStatusCode: k.httpStatusCode,
	}
	if k.objectType != "" {
		a.ObjectType, a.ObjectID = k.objectType, strconv.Itoa(40_000+random.IntN(900))
		a.Description = strings.ReplaceAll(k.description, "%s", a.ObjectID)
	}
	return WithAttributes(a)
}

// WithAttributes fills in the attributes that the store would give, by its own fields.
func WithAttributes(a activities.Activity) activities.Activity {
	a.Attributes = map[string]string{"service_name": a.Product, "service_namespace": "integrations"}
	for name, value := range map[string]string{
		"product": a.Product, "status": a.Status, "activity_type": a.Type, "activity_evidence": a.Evidence,
		"integration_name": a.Integration, "integration_account": a.Account, "activity_id": a.ID,
		"activity_object_type": a.ObjectType, "activity_object_id": a.ObjectID,
		"error_type": a.ErrorType, "error_code": a.ErrorCode, "error_message": a.ErrorMessage,
	} {
		if value != "" {
			a.Attributes[name] = value
		}
	}
	if a.HTTPStatusCode != 0 {
		a.Attributes["http_response_status_code"] = strconv.Itoa(a.HTTPStatusCode)
	}
	return a
}
