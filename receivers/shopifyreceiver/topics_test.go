// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"encoding/json"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// documented are the topics that Shopify documents for what this log is about, by
// the activity.type that they belong to. The list is independent of the code.
// Source: https://shopify.dev/docs/api/admin-graphql/latest/enums/WebhookSubscriptionTopic
var documented = map[string][]string{
	"customer": {
		"customers/create", "customers/update", "customers/delete", "customers/enable", "customers/disable", "customers/merge",
		"customers/purchasing_summary", "customers_email_marketing_consent/update", "customers_marketing_consent/update",
		"customers_whats_app_marketing_consent/update", "customer.tags_added", "customer.tags_removed", "customer.joined_segment",
		"customer.left_segment", "customer_groups/create", "customer_groups/update", "customer_groups/delete",
		"customer_payment_methods/create", "customer_payment_methods/update", "customer_payment_methods/revoke",
		"customer_account_settings/update",
	},
	"order": {
		"orders/create", "orders/updated", "orders/edited", "orders/cancelled", "orders/delete", "orders/paid", "orders/fulfilled",
		"orders/partially_fulfilled", "orders/risk_assessment_changed", "orders/shopify_protect_eligibility_changed",
		"orders/link_requested", "order_transactions/create", "draft_orders/create", "draft_orders/update", "draft_orders/delete",
		"refunds/create", "returns/request", "returns/approve", "returns/decline", "returns/cancel", "returns/close",
		"returns/process", "returns/reopen", "returns/update", "disputes/create", "disputes/update",
	},
	"fulfillment": {
		"fulfillments/create", "fulfillments/update", "fulfillment_events/create", "fulfillment_events/delete",
		"fulfillment_holds/added", "fulfillment_holds/released",
		"fulfillment_orders/cancellation_request_accepted", "fulfillment_orders/cancellation_request_rejected",
		"fulfillment_orders/cancellation_request_submitted", "fulfillment_orders/cancelled",
		"fulfillment_orders/fulfillment_request_accepted", "fulfillment_orders/fulfillment_request_rejected",
		"fulfillment_orders/fulfillment_request_submitted", "fulfillment_orders/fulfillment_service_failed_to_complete",
		"fulfillment_orders/hold_released", "fulfillment_orders/line_items_prepared_for_local_delivery",
		"fulfillment_orders/line_items_prepared_for_pickup", "fulfillment_orders/manually_reported_progress_stopped",
		"fulfillment_orders/merged", "fulfillment_orders/moved", "fulfillment_orders/order_routing_complete",
		"fulfillment_orders/placed_on_hold", "fulfillment_orders/progress_reported", "fulfillment_orders/rescheduled",
		"fulfillment_orders/scheduled_fulfillment_order_ready", "fulfillment_orders/split",
	},
	"app":        {"bulk_operations/finish", "app/uninstalled", "app/scopes_update", "audit_events/admin_api_activity"},
	"compliance": {"customers/data_request", "customers/redact", "shop/redact"},
}

// TestEveryDocumentedTopic posts each topic twice: with next to nothing in the body,
// and with every key that any fixture has.
func TestEveryDocumentedTopic(t *testing.T) {
	r := webhooktest.Start(t, subject(), nil)
	posted := 0
	for kind, topics := range documented {
		for _, topic := range topics {
			for name, body := range map[string]string{"least": `{"id":820982911946154508}`, "most": everyKey(t)} {
				r.Sink.Reset()
				require.Equal(t, http.StatusOK, r.Post(t, signed(newRequest(topic, name, body))).Code)
				require.Equal(t, 1, r.Sink.LogRecordCount(), topic)
				requireSentence(t, topic, kind, theRecord(r.Sink.AllLogs()[0]))
				require.NotRegexp(t, canary, webhooktest.Text(t, r.Sink.AllLogs()[0]), topic)
				posted++
			}
		}
	}
	require.Equal(t, 2*80, posted)
	require.Zero(t, r.Sum(t, "otelcol_webhook_unknown_activities"), "a documented topic was counted as unknown")
}

func requireSentence(t *testing.T, topic, kind string, record plog.LogRecord) {
	t.Helper()
	sentence := record.Body().Str()
	require.NotContains(t, sentence, topic)
	require.Regexp(t, `^[A-Z]\S*( \S+)+$`, sentence, topic)
	attributes := record.Attributes().AsRaw()
	require.Equal(t, kind, attributes["activity.type"], topic)
	require.Contains(t, []any{"info", "warning", "error"}, attributes["status"], topic)
	require.Equal(t, topic, attributes["shopify.topic"])
	require.Equal(t, "source_change", attributes["activity.evidence"])
}

// everyKey is a body with all the keys of all fixtures, customers' and shops' names
// left out: the rest knows of which object the name is.
func everyKey(t *testing.T) string {
	t.Helper()
	all := map[string]json.RawMessage{}
	for _, directory := range fixtures(t) {
		var body map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(load(t, directory).Body, &body))
		maps.Copy(all, body)
	}
	maps.Copy(all, map[string]json.RawMessage{
		"id": json.RawMessage("820982911946154508"), "name": json.RawMessage(`"#1001"`), "admin_graphql_api_id": json.RawMessage("null"),
	})
	body, err := json.Marshal(all)
	require.NoError(t, err)
	return string(body)
}

func TestUnknownTopicsAreCounted(t *testing.T) {
	r := webhooktest.Start(t, subject(), nil)
	for _, name := range []string{"unknown_topic", "unknown_topic_token_as_id", "events_unknown_topic", "orders_create"} {
		q := signed(load(t, filepath.Join("testdata", "deliveries", name)))
		require.Equal(t, http.StatusOK, r.Post(t, q).Code)
	}
	require.Equal(t, 4, r.Sink.LogRecordCount())
	require.EqualValues(t, 3, r.Sum(t, "otelcol_webhook_unknown_activities"))
}

func TestTopicsFilter(t *testing.T) {
	r := webhooktest.Start(t, subject(func(c *Config) { c.Topics = []string{"orders/create", "fulfillment*", "Customer"} }), nil)
	for _, name := range []string{
		"orders_create", "orders_delete", "fulfillments_create_success", "fulfillment_events_create",
		"customers_create", "events_customer_update", "events_order_create",
	} {
		q := signed(load(t, filepath.Join("testdata", "deliveries", name)))
		require.Equal(t, http.StatusOK, r.Post(t, q).Code, name)
	}
	var logged []string
	for _, logs := range r.Sink.AllLogs() {
		topic, _ := theRecord(logs).Attributes().Get("shopify.topic")
		logged = append(logged, topic.Str())
	}
	require.Equal(t, []string{"orders/create", "fulfillments/create", "fulfillment_events/create", "Customer"}, logged)
	require.EqualValues(t, 3, r.Sum(t, "otelcol_webhook_ignored_activities"))
}

func TestIDsBeyondFloatsStayExact(t *testing.T) {
	for name, body := range map[string]string{
		"number":        `{"id":9007199254740993}`,
		"string":        `{"id":"9007199254740993"}`,
		"GID":           `{"admin_graphql_api_id":"gid://shopify/Order/9007199254740993"}`,
		"GID and query": `{"id":"gid://shopify/Order/9007199254740993?shop=1"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := webhooktest.Start(t, subject(), nil)
			require.Equal(t, http.StatusOK, r.Post(t, signed(newRequest("orders/delete", "1", body))).Code)
			record := theRecord(r.Sink.AllLogs()[0])
			id, _ := record.Attributes().Get("activity.object.id")
			require.Equal(t, "9007199254740993", id.Str())
			require.True(t, strings.HasPrefix(record.Body().Str(), "Order 9007199254740993 "))
		})
	}
}
