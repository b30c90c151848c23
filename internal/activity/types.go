// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity // import "github.com/integrationlog/integrationlog/internal/activity"

import "slices"

// OtherType stands for an activity.type that is missing, or beyond a bound, where there
// has to be one. OpenTelemetry's semantic conventions use the same word.
const OtherType = "_OTHER"

// types are the values of activity.type that the receiver of each product gives.
var types = map[Product][]string{
	Salesforce:            {"ticket_sync", "account_sync", "contact_sync", "lead_sync", "api_call", "subscription"},
	Shopify:               {"customer", "order", "fulfillment", "compliance", "app", "other"},
	BotBuilder:            {"api_call"},
	Actions:               {"action_run", "action_test"},
	Webhooks:              {"webhook_invocation", "webhook_log_gap"},
	ZIS:                   {"flow_run"},
	SunshineConversations: {"delivery_failure", "switchboard_failure", "link_failure", "delivery", "other"},
}

// Products returns all products of the log.
func Products() []Product {
	return []Product{Salesforce, Shopify, BotBuilder, Actions, Webhooks, ZIS, SunshineConversations}
}

// IsKnown tells whether a product is one of the log's.
func (p Product) IsKnown() bool {
	_, known := types[p]
	return known
}

// Types returns the values of activity.type that the product's receiver gives. Of a
// product that is none of the log's it knows none.
func (p Product) Types() []string { return slices.Clone(types[p]) }

// Statuses returns the four statuses.
func Statuses() []Status { return []Status{Debug, Info, Warning, Error} }

// ErrorTypes returns all classes of failures.
func ErrorTypes() []ErrorType {
	return []ErrorType{
		ErrorAuthorization, ErrorRateLimit, ErrorValidation, ErrorNotFound, ErrorConflict,
		ErrorTimeout, ErrorRemoteOutage, ErrorLimit, ErrorInternal, ErrorOther,
	}
}
