// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package senders

import (
	"fmt"
	"time"
)

// shopifySample is a webhook whose body has the number in it.
type shopifySample struct {
	topic  string
	body   string
	failed bool
	action string
}

// The bodies take the number of the sample, for the ids, and the time.
var shopifySamples = []shopifySample{
	{topic: "customers/create", body: `{"id":70640%[1]d,"email":"ada@example.com","first_name":"Ada","last_name":"Lovelace","phone":"+441632960001",
		"orders_count":0,"state":"enabled","created_at":%[2]q,"updated_at":%[2]q,"admin_graphql_api_id":"gid://shopify/Customer/70640%[1]d"}`},
	{topic: "orders/create", body: `{"id":82098%[1]d,"name":"#%[1]d","email":"ada@example.com","total_price":"59.00","currency":"EUR","created_at":%[2]q,
		"financial_status":"pending","customer":{"id":70640,"first_name":"Ada"},"billing_address":{"city":"London"},
		"admin_graphql_api_id":"gid://shopify/Order/82098%[1]d"}`},
	{topic: "order_transactions/create", failed: true, body: `{"id":38940%[1]d,"order_id":82098,"kind":"sale","gateway":"bogus","status":"failure",
		"message":"The card was declined","error_code":"card_declined","amount":"59.00","currency":"EUR","created_at":%[2]q}`},
	{topic: "orders/paid", body: `{"id":82098%[1]d,"name":"#%[1]d","email":"ada@example.com","financial_status":"paid","updated_at":%[2]q}`},
	{topic: "fulfillments/create", body: `{"id":12345%[1]d,"order_id":82098,"name":"#%[1]d.1","status":"success","tracking_company":"UPS","created_at":%[2]q,
		"destination":{"first_name":"Ada","address1":"12 St James's Square","city":"London"}}`},
	{topic: "fulfillments/update", failed: true, body: `{"id":12345%[1]d,"order_id":82098,"name":"#%[1]d.1","status":"failure","tracking_company":"UPS",
		"shipment_status":"failure","updated_at":%[2]q}`},
	{topic: "customers/data_request", body: `{"shop_id":954889,"shop_domain":"acme.myshopify.com","orders_requested":[82098%[1]d],
		"customer":{"id":70640,"email":"ada@example.com","phone":"+441632960001"},"data_request":{"id":99%[1]d}}`},
	{topic: "Customer", action: "update", body: `{"topic":"Customer","action":"update","handle":"customers","fields_changed":{"added":[],"updated":["customer.email"],"removed":[]},
		"query_variables":{"customerId":"gid://shopify/Customer/70640%[1]d"},"data":{"customer":{"id":"gid://shopify/Customer/70640%[1]d","email":"ada@example.com"}}}`},
}

// ShopifySample returns the n-th webhook, triggered at the given time. Of eight that
// follow each other two are failures, and one is of the newer Events.
func ShopifySample(n int, at time.Time) ShopifyWebhook {
	sample := pick(shopifySamples, n)
	arguments := []any{n, at.UTC().Format(time.RFC3339)}
	if sample.topic == "customers/data_request" || sample.action != "" {
		arguments = arguments[:1]
	}
	return ShopifyWebhook{
		Topic: sample.topic, TriggeredAt: at, Failed: sample.failed, Next: sample.action != "", Action: sample.action,
		DeliveryID: fmt.Sprintf("b54557e4-bdd9-4b37-8a5f-%012x", n), EventID: fmt.Sprintf("98880550-7158-44d4-b7cd-%012x", n),
		Body: fmt.Appendf(nil, sample.body, arguments...),
	}
}
