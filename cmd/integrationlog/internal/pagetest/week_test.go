// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	org       = "00D5g000004XyZaEAK"
	shop      = "acme.myshopify.com"
	subdomain = "acme"
	app       = "64b5c0d619a30a2e00de36b8"
)

// kinds are what the products do, over and over. Shopify, actions and webhooks have no
// errors. In a description %s is the object's id.
var kinds = []activity.Activity{
	{Product: activity.Salesforce, Type: "ticket_sync", Evidence: activity.Observed, Account: org, ObjectType: "ticket", Status: activity.Info, Description: "Ticket %s became a case"},
	{
		Product: activity.Salesforce, Type: "ticket_sync", Evidence: activity.Observed, Account: org, ObjectType: "ticket", Status: activity.Error,
		Description: "Ticket %s could not become a case", HTTPStatusCode: 400,
		Error: &activity.Failure{Type: activity.ErrorConflict, Code: "UNABLE_TO_LOCK_ROW", Message: "unable to obtain exclusive access to this record"},
	},
	{Product: activity.Salesforce, Type: "contact_sync", Evidence: activity.SourceChange, Account: org, ObjectType: "user", Status: activity.Warning, Description: "Contact %s was changed in part"},
	{Product: activity.Shopify, Type: "order", Evidence: activity.SourceChange, IntegrationName: "Zendesk for Shopify", Account: shop, ObjectType: "order", Status: activity.Info, Description: "Order %s was paid"},
	{Product: activity.Shopify, Type: "customer", Evidence: activity.SourceChange, IntegrationName: "Zendesk for Shopify", Account: shop, ObjectType: "customer", Status: activity.Info, Description: "Customer %s was updated"},
	{
		Product: activity.BotBuilder, Type: "api_call", Evidence: activity.Reported, IntegrationName: "Order bot", Account: subdomain, ObjectType: "ticket", Status: activity.Error,
		Description: "The bot asked for ticket %s in vain", HTTPStatusCode: 504, Error: &activity.Failure{Type: activity.ErrorTimeout, Message: "the order service did not answer"},
	},
	{Product: activity.BotBuilder, Type: "api_call", Evidence: activity.Reported, IntegrationName: "Order bot", Account: subdomain, ObjectType: "ticket", Status: activity.Debug, Description: "The bot looked at ticket %s"},
	{Product: activity.Actions, Type: "action_run", Evidence: activity.Reported, IntegrationName: "Create refund", Account: subdomain, ObjectType: "ticket", Status: activity.Info, Description: "A refund was made for ticket %s"},
	{Product: activity.Actions, Type: "action_test", Evidence: activity.Reported, IntegrationName: "Create refund", Account: subdomain, Status: activity.Debug, Description: "The refund was tested"},
	{
		Product: activity.ZIS, Type: "flow_run", Evidence: activity.Reported, IntegrationName: "acme_erp", Account: subdomain, ObjectType: "ticket", Status: activity.Error,
		Description: "Ticket %s could not be sent to the ERP", HTTPStatusCode: 422, Error: &activity.Failure{Type: activity.ErrorValidation, Code: "amount_too_large", Message: "The amount is too large"},
	},
	{Product: activity.ZIS, Type: "flow_run", Evidence: activity.Reported, IntegrationName: "acme_jira", Account: subdomain, ObjectType: "ticket", Status: activity.Warning, Description: "Ticket %s is tried again"},
	{
		Product: activity.SunshineConversations, Type: "delivery_failure", Evidence: activity.Reported, IntegrationName: "WhatsApp", Account: app, ObjectType: "message", Status: activity.Error,
		Description: "Message %s was not delivered", HTTPStatusCode: 401, Error: &activity.Failure{Type: activity.ErrorAuthorization, Code: "unauthorized", Message: "The session was ended"},
	},
	{Product: activity.Webhooks, Type: "webhook_invocation", Evidence: activity.Reported, IntegrationName: "Notify ERP", Account: subdomain, ObjectType: "ticket", Status: activity.Info, Description: "The webhook told of ticket %s"},
}

const (
	ordinary = 260
	apart    = 37 * time.Minute
	// objects is how many different ones there are.
	objects = 23
)

// usual are activities of all kinds, over six days and a half, up to some minutes ago.
func usual(now time.Time) ledger {
	var all ledger
	for i := range ordinary {
		a := kinds[i%len(kinds)]
		a.ID = "usual-" + strconv.Itoa(i)
		// To the nanosecond, as some sources have it.
		a.Time = now.Add(-20*time.Minute - time.Duration(i)*apart + time.Duration(i)*1_000_003)
		if a.ObjectType != "" {
			a.ObjectID = strconv.Itoa(40_000 + i%objects)
		}
		a.Description = fmt.Sprintf("%s (no. %d)", strings.ReplaceAll(a.Description, "%s", a.ObjectID), i)
		all = append(all, a)
	}
	return all
}

const (
	crowded = 5000
	// crowd is what the integration of all of them is called.
	crowd = "Crowd"
)

// crowdOf are activities of one nanosecond, in four streams of Loki and none an error. They
// are older than all others.
func crowdOf(now time.Time) ledger {
	at := now.Add(-164 * time.Hour).Add(123_456_789)
	var all ledger
	for i := range crowded {
		a := activity.Activity{
			ID: fmt.Sprintf("crowd-%04d", i), Time: at, Evidence: activity.Reported, IntegrationName: crowd, Account: subdomain,
			Description: fmt.Sprintf("One of the crowd, no. %04d", i),
		}
		switch {
		case i%10 < 4:
			a.Product, a.Type, a.Status = activity.ZIS, "flow_run", activity.Info
		case i%10 < 6:
			a.Product, a.Type, a.Status = activity.ZIS, "flow_run", activity.Warning
		case i%10 < 9:
			a.Product, a.Type, a.Status = activity.Actions, "action_run", activity.Info
		default:
			a.Product, a.Type, a.Status = activity.Webhooks, "webhook_invocation", activity.Debug
		}
		all = append(all, a)
	}
	return all
}

// edges is what the integration is called whose activities lie at the edges of a minute.
const edges = "Edges"

// edgesOf are activities right before, within and right after a minute.
func edgesOf(minute time.Time) ledger {
	var all ledger
	for i, after := range []time.Duration{-1, 0, 30 * time.Second, time.Minute - 1, time.Minute} {
		all = append(all, activity.Activity{
			ID: "edge-" + strconv.Itoa(i), Time: minute.Add(after), Product: activity.Webhooks, Type: "webhook_invocation", Status: activity.Info,
			Evidence: activity.Reported, IntegrationName: edges, Account: subdomain, Description: "At the edge, no. " + strconv.Itoa(i),
		})
	}
	return all
}
