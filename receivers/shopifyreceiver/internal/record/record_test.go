// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"
)

func parse(t *testing.T, body string) *payload.Payload {
	t.Helper()
	p := new(payload.Payload)
	require.NoError(t, p.Parse([]byte(body)))
	return p
}

// TestSentences has what the fixtures of the receiver do not: bodies from which
// include_fields has cut what the sentence would like to have.
func TestSentences(t *testing.T) {
	tests := []struct {
		topic, body, want string
		status            activity.Status
	}{
		{"orders/create", `{}`, "Order created", activity.Info},
		{"orders/create", `{"name":"EN1001-A"}`, "Order EN1001-A created", activity.Info},
		{"orders/edited", `{"order_edit":{"id":1}}`, "Order 1 edited", activity.Info},
		{"draft_orders/update", `{"id":7,"order_id":8}`, "Draft order 7 updated", activity.Info},
		{"refunds/create", `{}`, "Refund created", activity.Info},
		{"returns/close", `{"id":1,"order_id":2,"status":"closed"}`, "Return 1 of order 2 closed", activity.Info},
		{"returns/request", `{"id":1,"name":"#1001","order":{"id":2}}`, "Return #1001 of order 2 requested", activity.Info},
		{"order_transactions/create", `{"id":3}`, "Transaction 3 created", activity.Info},
		{"order_transactions/create", `{"order_id":2,"kind":"refund","status":"pending"}`, "Refund for order 2: pending", activity.Info},
		{"order_transactions/create", `{"kind":"void","status":"error"}`, "Void: error", activity.Error},
		{"fulfillments/create", `{}`, "Fulfillment created", activity.Info},
		{"fulfillments/create", `{"id":5}`, "Fulfillment 5 created", activity.Info},
		{"fulfillments/create", `{"id":5,"order_id":2,"name":"#1001-F2"}`, "Fulfillment of order #1001 created", activity.Info},
		{"fulfillments/create", `{"id":5,"order_id":2,"name":"A.B"}`, "Fulfillment of order 2 created", activity.Info},
		{"fulfillments/create", `{"id":5,"order_id":2,"name":".1"}`, "Fulfillment of order 2 created", activity.Info},
		{"fulfillments/update", `{"id":5,"status":"error","shipment_status":"confirmed"}`, "Fulfillment 5: error", activity.Error},
		{"fulfillments/update", `{"id":5,"shipment_status":"attempted_delivery"}`, "Fulfillment 5: attempted_delivery", activity.Warning},
		{"fulfillment_events/create", `{"id":6,"fulfillment_id":5,"order_id":2,"status":"failure"}`, "Fulfillment of order 2: failure", activity.Error},
		{"fulfillment_events/create", `{}`, "Fulfillment: event created", activity.Info},
		{"fulfillment_orders/moved", `{}`, "Fulfillment order moved", activity.Info},
		{"fulfillment_orders/split", `{"fulfillment_order":{"order_id":2}}`, "Fulfillment order of order 2 split", activity.Info},
		{"customers/merge", `{"status":"completed"}`, "Merge of customers: completed", activity.Info},
		{"customers/merge", `{"admin_graphql_api_customer_kept_id":"gid://shopify/Customer/1"}`, "Merge of customer 1 with another", activity.Info},
		{"customers/create", `{}`, "Customer created", activity.Info},
		{"customer_payment_methods/revoke", `{}`, "Customer payment method revoked", activity.Info},
		{"bulk_operations/finish", `{"admin_graphql_api_id":"gid://shopify/BulkOperation/1","status":"canceled"}`, "Bulk operation 1 finished: canceled", activity.Warning},
		{"bulk_operations/finish", `{}`, "Bulk operation finished", activity.Info},
		{"products/update", `{"id":1}`, "products/update 1", activity.Info},
		{"products/update", `{}`, "products/update", activity.Info},
	}
	for _, test := range tests {
		a, _ := New(header.Delivery{Topic: test.topic}, parse(t, test.body), time.Time{})
		require.Equal(t, test.want, a.Description, "%s %s", test.topic, test.body)
		require.Equal(t, test.status, a.Status, "%s %s", test.topic, test.body)
		require.Equal(t, test.status == activity.Error, a.Error != nil, "%s %s", test.topic, test.body)
	}
}

// TestOnlyNumbersAreIDs: what stands for an object without being a number is a token.
func TestOnlyNumbersAreIDs(t *testing.T) {
	tests := map[string]string{
		"1":                              "1",
		"gid://shopify/Order/1":          "1",
		"gid://shopify/Order/1?a=2":      "1",
		"":                               "",
		"-1":                             "",
		"1.0":                            "",
		"1e3":                            "",
		"0eccc666":                       "",
		"gid://":                         "",
		"gid://shopify/Order/":           "",
		"gid://shopify/Order/?a=1":       "",
		"gid://shopify/Cart/Z2NwLXVz":    "",
		"https://shopify.com/orders/1":   "",
		"gid://shopify/Order/1/Canary/x": "",
	}
	for value, want := range tests {
		require.Equal(t, want, firstID(value), value)
	}
	require.Equal(t, "2", firstID("token", "", "2", "3"))
}

func TestObjectIDOfOlderEvents(t *testing.T) {
	d := header.Delivery{Events: true, Topic: "Product", Action: "delete", ResourceID: "gid://shopify/Product/12"}
	a, known := New(d, parse(t, `{}`), time.Time{})
	require.False(t, known)
	require.Equal(t, "Product delete 12", a.Description)
	require.Equal(t, "12", a.ObjectID)
}

// TestOrderIDOfHeader: some topics have the order in a header only.
func TestOrderIDOfHeader(t *testing.T) {
	a, _ := New(header.Delivery{Topic: "refunds/create", OrderID: "7"}, parse(t, `{"id":1}`), time.Time{})
	require.Equal(t, "Refund 1 of order 7 created", a.Description)
}

// TestTime prefers Shopify's own, then the payload's latest.
func TestTime(t *testing.T) {
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	tests := []struct {
		triggered time.Time
		body      string
		want      time.Time
	}{
		{at, `{"updated_at":"2026-01-01T00:00:00Z"}`, at},
		{time.Time{}, `{"happened_at":"2026-11-03T10:00:00+01:00","updated_at":"2026-01-01T00:00:00Z"}`, at},
		{time.Time{}, `{"happened_at":null,"updated_at":"2026-11-03T09:00:00Z","created_at":"2026-01-01T00:00:00Z"}`, at},
		{time.Time{}, `{"updated_at":"never","processed_at":"2026-11-03T09:00:00Z"}`, at},
		{time.Time{}, `{"created_at":"2026-11-03T09:00:00Z"}`, at},
		{time.Time{}, `{"created_at":""}`, time.Time{}},
		{time.Unix(0, 0), `{"created_at":"2026-11-03T09:00:00Z"}`, at},
		{time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC), `{"updated_at":"9999-12-31T00:00:00Z","created_at":"2026-11-03T09:00:00Z"}`, at},
	}
	for _, test := range tests {
		a, _ := New(header.Delivery{Topic: "orders/create", TriggeredAt: test.triggered}, parse(t, test.body), time.Now())
		require.True(t, test.want.Equal(a.Time), "%v, want %v: %s", a.Time, test.want, test.body)
	}
}

// TestComplianceKeepsNothingOfThePerson: whom it concerns is what the request wants
// forgotten, so not even the ids that other records have are kept.
func TestComplianceKeepsNothingOfThePerson(t *testing.T) {
	body := parse(t, `{"id":1,"customer_id":2,"order_id":3,"name":"#1001","status":"x","customer":{"id":4},"orders_to_redact":[5],"data_request":{"id":6}}`)
	for _, topic := range []string{"customers/data_request", "customers/redact", "shop/redact"} {
		a, known := New(header.Delivery{Topic: topic, OrderID: "7"}, body, time.Time{})
		require.True(t, known)
		require.Empty(t, a.ObjectID)
		for _, kv := range a.Attributes {
			require.Contains(t, []string{"shopify.topic", "shopify.data_request.id"}, string(kv.Key))
		}
	}
}
