// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

type attributes = map[string]string

func TestFor(t *testing.T) {
	tests := map[string]struct {
		activity activities.Activity
		want     string
	}{
		"Salesforce, a lock": {
			activities.Activity{Product: "salesforce", Status: "warning", Type: "api_call", ErrorType: "conflict", ErrorCode: "UNABLE_TO_LOCK_ROW"},
			"advice.salesforce.lock",
		},
		"Salesforce, the limit": {
			activities.Activity{Product: "salesforce", Status: "warning", Type: "api_call", ErrorType: "rate_limit", ErrorCode: "REQUEST_LIMIT_EXCEEDED"},
			"advice.salesforce.request_limit",
		},
		"Salesforce, a duplicate": {
			activities.Activity{Product: "salesforce", Status: "error", Type: "api_call", ErrorType: "conflict", ErrorCode: "DUPLICATES_DETECTED"},
			"advice.salesforce.duplicates",
		},
		"Salesforce, a session": {
			activities.Activity{Product: "salesforce", Status: "error", ErrorType: "authorization", ErrorCode: "INVALID_SESSION_ID", HTTPStatusCode: 401},
			"advice.salesforce.session",
		},
		"Salesforce, a login": {
			activities.Activity{
				Product: "salesforce", Status: "error", Type: "api_call", ErrorType: "authorization", ErrorCode: "LOGIN_ERROR_INVALID_PASSWORD",
				Attributes: attributes{"salesforce_event_log_file_type": "Login"},
			},
			"advice.salesforce.login",
		},
		"Salesforce, two records": {
			activities.Activity{Product: "salesforce", Status: "warning", Type: "api_call", ErrorType: "conflict", HTTPStatusCode: 300},
			"advice.salesforce.ambiguous",
		},
		"Salesforce, what the package wrote": {
			activities.Activity{Product: "salesforce", Status: "error", Type: "account_sync", ErrorType: "conflict", ErrorMessage: "Name has already been taken"},
			"advice.salesforce.taken",
		},
		"Salesforce, not confirmed": {
			activities.Activity{Product: "salesforce", Status: "warning", Type: "lead_sync", Attributes: attributes{"salesforce_changed_at": "2026-11-20T10:00:00Z"}},
			"advice.salesforce.not_confirmed",
		},
		"Salesforce, no details": {
			activities.Activity{Product: "salesforce", Status: "warning", Type: "ticket_sync", Attributes: attributes{"salesforce_change_type": "GAP_UPDATE"}},
			"advice.salesforce.gap",
		},
		"Salesforce, a code of tomorrow": {
			activities.Activity{Product: "salesforce", Status: "error", Type: "api_call", ErrorType: "validation", ErrorCode: "SOMETHING_NEW"},
			"advice.type.validation",
		},
		"Salesforce, nothing known": {
			activities.Activity{Product: "salesforce", Status: "error", Type: "api_call", ErrorType: "_OTHER", ErrorCode: "SOMETHING_NEW"},
			"",
		},
		"Shopify, a payment": {
			activities.Activity{Product: "shopify", Status: "error", Type: "order", ErrorType: "_OTHER", ErrorCode: "card_declined", Attributes: attributes{"shopify_topic": "order_transactions/create"}},
			"advice.shopify.payment",
		},
		"Shopify, a parcel": {
			activities.Activity{Product: "shopify", Status: "error", Type: "fulfillment", ErrorType: "_OTHER", ErrorCode: "failure", Attributes: attributes{"shopify_topic": "fulfillments/update"}},
			"advice.shopify.fulfillment",
		},
		"Shopify, uninstalled": {
			activities.Activity{Product: "shopify", Status: "warning", Type: "app", Attributes: attributes{"shopify_topic": "app/uninstalled"}},
			"advice.shopify.uninstalled",
		},
		"Shopify, a late parcel": {
			activities.Activity{Product: "shopify", Status: "warning", Type: "fulfillment", Attributes: attributes{"shopify_topic": "fulfillments/update"}},
			"",
		},
		"WhatsApp, the window": {
			activities.Activity{
				Product: "sunshine-conversations", Status: "error", Type: "delivery_failure", ErrorType: "limit", ErrorCode: "uncategorized_error",
				Attributes: attributes{"sunco_channel": "whatsapp", "sunco_channel_error_code": "131047"},
			},
			"advice.messaging.window",
		},
		"WhatsApp, the token": {
			activities.Activity{
				Product: "sunshine-conversations", Status: "error", Type: "delivery_failure", ErrorType: "authorization", ErrorCode: "unauthorized",
				Attributes: attributes{"sunco_channel": "whatsapp", "sunco_channel_error_code": "190"},
			},
			"advice.messaging.token",
		},
		"the code of another channel": {
			activities.Activity{
				Product: "sunshine-conversations", Status: "error", Type: "delivery_failure", ErrorType: "_OTHER", ErrorCode: "uncategorized_error",
				Attributes: attributes{"sunco_channel": "line", "sunco_channel_error_code": "131047"},
			},
			"advice.messaging.uncategorized",
		},
		"Telegram, blocked": {
			activities.Activity{
				Product: "sunshine-conversations", Status: "error", Type: "delivery_failure", ErrorType: "authorization",
				Attributes: attributes{"sunco_channel": "telegram", "sunco_channel_error_code": "403"},
			},
			"advice.messaging.blocked",
		},
		"a type of message": {
			activities.Activity{
				Product: "sunshine-conversations", Status: "error", Type: "delivery_failure", ErrorType: "_OTHER", ErrorCode: "uncategorized_error",
				ErrorMessage: "Unsupported message type `form`", Attributes: attributes{"sunco_channel": "twilio"},
			},
			"advice.messaging.unsupported",
		},
		"a full conversation": {
			activities.Activity{Product: "sunshine-conversations", Status: "error", Description: "Message limit of 30000 per conversation reached."},
			"advice.messaging.full",
		},
		"the switchboard": {
			activities.Activity{Product: "sunshine-conversations", Status: "error", Type: "switchboard_failure", ErrorType: "validation", ErrorCode: "switchboard_invalid_action"},
			"advice.messaging.switchboard",
		},
		"unsubscribed": {
			activities.Activity{Product: "sunshine-conversations", Status: "warning", Type: "link_failure", Attributes: attributes{"sunco_reason": "blocked"}},
			"advice.messaging.blocked",
		},
		"linking cancelled": {
			activities.Activity{Product: "sunshine-conversations", Status: "warning", Type: "link_failure", Attributes: attributes{"sunco_reason": "linkCancelled"}},
			"",
		},
		"a webhook, circuit broken": {
			activities.Activity{Product: "webhooks", Status: "error", Type: "webhook_invocation", ErrorType: "remote_outage", Attributes: attributes{"webhooks_status": "circuit broken"}},
			"advice.webhooks.circuit_broken",
		},
		"a webhook, terminated after 403": {
			activities.Activity{Product: "webhooks", Status: "error", Type: "webhook_invocation", ErrorType: "authorization", HTTPStatusCode: 403, Attributes: attributes{"webhooks_status": "terminated"}},
			"advice.call.credentials",
		},
		"a webhook, terminated": {
			activities.Activity{Product: "webhooks", Status: "error", Type: "webhook_invocation", ErrorType: "_OTHER", Attributes: attributes{"webhooks_status": "terminated"}},
			"advice.webhooks.terminated",
		},
		"a webhook, throttled": {
			activities.Activity{Product: "webhooks", Status: "warning", Type: "webhook_invocation", Attributes: attributes{"webhooks_status": "throttled"}},
			"advice.webhooks.throttled",
		},
		"a webhook, 429": {
			activities.Activity{Product: "webhooks", Status: "error", Type: "webhook_invocation", ErrorType: "rate_limit", HTTPStatusCode: 429, Attributes: attributes{"webhooks_status": "client error"}},
			"advice.call.too_many",
		},
		"a webhook, a gap": {
			activities.Activity{Product: "webhooks", Status: "warning", Type: "webhook_log_gap"},
			"advice.webhooks.gap",
		},
		"ZIS, a connection": {
			activities.Activity{Product: "zis", Status: "error", ErrorType: "authorization", ErrorMessage: `Cannot start flow because the connection named "erp" does not exist`},
			"advice.zis.connection",
		},
		"ZIS, a path": {
			activities.Activity{Product: "zis", Status: "error", ErrorType: "validation", Description: "JSON path not found: $.input.x"},
			"advice.zis.path",
		},
		"ZIS, 404": {
			activities.Activity{Product: "zis", Status: "error", ErrorType: "not_found", HTTPStatusCode: 404, ErrorMessage: "external action failed due to status code: 404"},
			"advice.call.address",
		},
		"a bot that does not know why": {
			activities.Activity{Product: "bot-builder", Status: "error", Type: "api_call", ErrorType: "_OTHER"},
			"advice.zendesk.own_log",
		},
		"a bot that knows": {
			activities.Activity{Product: "bot-builder", Status: "error", Type: "api_call", ErrorType: "_OTHER", ErrorCode: "E7"},
			"",
		},
		"an action, 422": {
			activities.Activity{Product: "actions", Status: "error", Type: "action_run", ErrorType: "validation", HTTPStatusCode: 422},
			"advice.call.rejected",
		},
		"an action, a timeout": {
			activities.Activity{Product: "actions", Status: "error", Type: "action_run", ErrorType: "timeout"},
			"advice.call.timeout",
		},
		"an action, 503": {
			activities.Activity{Product: "actions", Status: "error", Type: "action_run", ErrorType: "remote_outage", HTTPStatusCode: 503},
			"advice.call.failed",
		},
		"somebody's own product": {
			activities.Activity{Product: "erp", Status: "error", ErrorType: "authorization"},
			"advice.type.authorization",
		},
		"what went well": {
			activities.Activity{Product: "webhooks", Status: "info", HTTPStatusCode: 404},
			"",
		},
		"nothing": {activities.Activity{}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := For(&test.activity)
			require.Equal(t, test.want, got.Key)
			require.Equal(t, test.want != "", ok)
			require.Equal(t, links[test.want], got.Link)
		})
	}
}
