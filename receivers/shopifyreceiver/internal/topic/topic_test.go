// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package topic

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestEveryTopicIsComplete(t *testing.T) {
	require.GreaterOrEqual(t, len(topics), 80)
	for name, topic := range topics {
		require.Contains(t, []string{Customer, Order, Fulfillment, Compliance, App}, topic.Type, name)
		require.NotEmpty(t, topic.Status, name)
		require.NotEqual(t, topic.Says == "", topic.Sentence == "", "%s: one of the two", name)
		if topic.Says != "" {
			require.NotEmpty(t, topic.Object, name)
		}
	}
}

func TestLookup(t *testing.T) {
	tests := map[string]Topic{
		"orders/updated":         {Type: Order, Object: "order", Says: "updated", Status: activity.Info},
		"customer.tags_added":    {Type: Customer, Object: "customer", Says: "tags added", Status: activity.Info},
		"customers/data_request": {Type: Compliance, Sentence: "Request for a customer's data", Status: activity.Info},
		"disputes/create":        {Type: Order, Object: "dispute", Says: "opened", Status: activity.Warning},
		"fulfillment_orders/fulfillment_service_failed_to_complete": {
			Type: Fulfillment, Object: "fulfillment_order", Says: "not completed by the fulfillment service", Status: activity.Error,
		},
	}
	for name, want := range tests {
		got, known := Lookup(name)
		require.True(t, known, name)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "orders", "orders/", "orders/update", "Orders/create", "ORDERS_CREATE", "products/create"} {
		_, known := Lookup(name)
		require.False(t, known, name)
	}
}

func TestLookupEvent(t *testing.T) {
	for _, name := range []string{"Customer", "Order", "FulfillmentOrder", "Refund", "Return"} {
		for action, says := range map[string]string{"create": "created", "update": "updated", "delete": "deleted", "": "changed", "archive": "changed"} {
			got, known := LookupEvent(name, action)
			require.True(t, known, name)
			require.Equal(t, says, got.Says, name)
		}
	}
	_, known := LookupEvent("Product", "update")
	require.False(t, known)
	_, known = LookupEvent("orders/create", "")
	require.False(t, known)
}

func TestNoun(t *testing.T) {
	require.Equal(t, "Draft order", Noun("draft_order"))
	require.Empty(t, Noun(""))
}
