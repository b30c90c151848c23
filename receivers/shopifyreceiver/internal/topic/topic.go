// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package topic knows Shopify's topics: what each is about, and how to say it to an
// admin. Source: https://shopify.dev/docs/api/admin-graphql/latest/enums/WebhookSubscriptionTopic
package topic // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/topic"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// The values of activity.type.
const (
	Customer    = "customer"
	Order       = "order"
	Fulfillment = "fulfillment"
	Compliance  = "compliance"
	App         = "app"
	// Other is what is known by its topic only.
	Other = "other"
)

// Topic tells what a topic is about.
type Topic struct {
	// Type is the activity.type.
	Type string
	// Object is the type of the object whose id the payload has.
	Object string
	// Says is what happened, in words that follow the object: "created".
	Says string
	// Sentence is the whole description where the payload adds nothing to it.
	Sentence string
	// Status is the status, unless the payload says worse.
	Status activity.Status
}

// Lookup returns what is known of a classic topic. Topics cannot be told by their
// parts: some have a dot, and some have a suffix in the first segment.
func Lookup(name string) (Topic, bool) {
	t, ok := topics[name]
	return t, ok
}

// LookupEvent returns what is known of a topic and an action of Events.
func LookupEvent(name, action string) (Topic, bool) {
	object, ok := eventObjects[name]
	if !ok {
		return Topic{}, false
	}
	object.Says = actions[action]
	if object.Says == "" {
		object.Says = "changed"
	}
	return object, true
}

// eventObjects are the topics of Events that this log is about.
// Source: https://shopify.dev/docs/api/events/latest
var eventObjects = map[string]Topic{
	"Customer":         {Type: Customer, Object: "customer", Status: activity.Info},
	"FulfillmentOrder": {Type: Fulfillment, Object: "fulfillment_order", Status: activity.Info},
	"Order":            {Type: Order, Object: "order", Status: activity.Info},
	"Refund":           {Type: Order, Object: "refund", Status: activity.Info},
	"Return":           {Type: Order, Object: "return", Status: activity.Info},
}

var actions = map[string]string{"create": "created", "update": "updated", "delete": "deleted"}

// family is a row of topics that share all but their last part.
type family struct {
	prefix string
	Topic
	// says gives the words for each last part.
	says map[string]string
	// statuses gives the status of those that are no mere information.
	statuses map[string]activity.Status
}

var changes = map[string]string{"create": "created", "update": "updated", "delete": "deleted"}

var topics = index([]family{
	{prefix: "customers/", Topic: Topic{Type: Customer, Object: "customer"}, says: map[string]string{
		"create": "created", "update": "updated", "delete": "deleted", "enable": "enabled", "disable": "disabled",
		"merge": "merged with another", "purchasing_summary": "purchasing summary updated",
	}},
	{prefix: "customers_email_marketing_consent/", Topic: Topic{Type: Customer, Object: "customer"}, says: map[string]string{"update": "e-mail marketing consent updated"}},
	{prefix: "customers_marketing_consent/", Topic: Topic{Type: Customer, Object: "customer"}, says: map[string]string{"update": "SMS marketing consent updated"}},
	{prefix: "customers_whats_app_marketing_consent/", Topic: Topic{Type: Customer, Object: "customer"}, says: map[string]string{"update": "WhatsApp marketing consent updated"}},
	{prefix: "customer.", Topic: Topic{Type: Customer, Object: "customer"}, says: map[string]string{
		"tags_added": "tags added", "tags_removed": "tags removed", "joined_segment": "joined a segment", "left_segment": "left a segment",
	}},
	{prefix: "customer_groups/", Topic: Topic{Type: Customer, Object: "customer_group"}, says: changes},
	{prefix: "customer_payment_methods/", Topic: Topic{Type: Customer, Object: "customer_payment_method"}, says: map[string]string{
		"create": "created", "update": "updated", "revoke": "revoked",
	}},
	{prefix: "customer_account_settings/", Topic: Topic{Type: Customer, Object: "customer_account_settings"}, says: changes},

	{prefix: "orders/", Topic: Topic{Type: Order, Object: "order"}, says: map[string]string{
		"create": "created", "updated": "updated", "edited": "edited", "cancelled": "cancelled", "delete": "deleted", "paid": "paid",
		"fulfilled": "fulfilled", "partially_fulfilled": "partially fulfilled", "risk_assessment_changed": "risk assessment changed",
		"shopify_protect_eligibility_changed": "Shopify Protect eligibility changed", "link_requested": "link requested",
	}},
	{prefix: "order_transactions/", Topic: Topic{Type: Order, Object: "order_transaction"}, says: changes},
	{prefix: "draft_orders/", Topic: Topic{Type: Order, Object: "draft_order"}, says: changes},
	{prefix: "refunds/", Topic: Topic{Type: Order, Object: "refund"}, says: changes},
	{prefix: "returns/", Topic: Topic{Type: Order, Object: "return"}, says: map[string]string{
		"request": "requested", "approve": "approved", "decline": "declined", "cancel": "cancelled", "close": "closed",
		"process": "processed", "reopen": "reopened", "update": "updated",
	}},
	{
		prefix: "disputes/", Topic: Topic{Type: Order, Object: "dispute"}, says: map[string]string{"create": "opened", "update": "updated"},
		statuses: map[string]activity.Status{"create": activity.Warning},
	},

	{prefix: "fulfillments/", Topic: Topic{Type: Fulfillment, Object: "fulfillment"}, says: changes},
	{prefix: "fulfillment_events/", Topic: Topic{Type: Fulfillment, Object: "fulfillment_event"}, says: changes},
	{prefix: "fulfillment_holds/", Topic: Topic{Type: Fulfillment, Object: "fulfillment_order"}, says: map[string]string{
		"added": "hold added", "released": "hold released",
	}},
	{
		prefix: "fulfillment_orders/", Topic: Topic{Type: Fulfillment, Object: "fulfillment_order"}, says: map[string]string{
			"cancellation_request_accepted": "cancellation request accepted", "cancellation_request_rejected": "cancellation request rejected",
			"cancellation_request_submitted": "cancellation request submitted", "cancelled": "cancelled",
			"fulfillment_request_accepted": "fulfillment request accepted", "fulfillment_request_rejected": "fulfillment request rejected",
			"fulfillment_request_submitted":          "fulfillment request submitted",
			"fulfillment_service_failed_to_complete": "not completed by the fulfillment service",
			"hold_released":                          "hold released",
			"line_items_prepared_for_local_delivery": "line items prepared for local delivery",
			"line_items_prepared_for_pickup":         "line items prepared for pickup",
			"manually_reported_progress_stopped":     "manually reported progress stopped",
			"merged":                                 "merged",
			"moved":                                  "moved",
			"order_routing_complete":                 "order routing complete",
			"placed_on_hold":                         "placed on hold",
			"progress_reported":                      "progress reported",
			"rescheduled":                            "rescheduled",
			"scheduled_fulfillment_order_ready":      "ready as scheduled",
			"split":                                  "split",
		},
		statuses: map[string]activity.Status{
			"cancellation_request_rejected":          activity.Warning,
			"fulfillment_request_rejected":           activity.Warning,
			"fulfillment_service_failed_to_complete": activity.Error,
			"placed_on_hold":                         activity.Warning,
		},
	},

	{prefix: "bulk_operations/", Topic: Topic{Type: App, Object: "bulk_operation"}, says: map[string]string{"finish": "finished"}},
}, map[string]Topic{
	// what has an id in the payload of app/uninstalled is the shop
	"app/uninstalled":                 {Type: App, Object: "shop", Sentence: "App uninstalled", Status: activity.Warning},
	"app/scopes_update":               {Type: App, Object: "app", Sentence: "App access scopes updated", Status: activity.Info},
	"audit_events/admin_api_activity": {Type: App, Sentence: "Admin API activity", Status: activity.Info},
	"customers/data_request":          {Type: Compliance, Sentence: "Request for a customer's data", Status: activity.Info},
	"customers/redact":                {Type: Compliance, Sentence: "Request to erase a customer's data", Status: activity.Info},
	"shop/redact":                     {Type: Compliance, Sentence: "Request to erase the shop's data", Status: activity.Info},
})

// index lays the families out by full name, onto the topics that have no family.
func index(families []family, all map[string]Topic) map[string]Topic {
	for _, f := range families {
		for last, says := range f.says {
			t := f.Topic
			t.Says = says
			t.Status = activity.Info
			if status, ok := f.statuses[last]; ok {
				t.Status = status
			}
			all[f.prefix+last] = t
		}
	}
	return all
}

// Noun is an object's type in words that begin a sentence: "Draft order".
func Noun(object string) string {
	if object == "" {
		return ""
	}
	words := strings.ReplaceAll(object, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
