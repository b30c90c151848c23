// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package header

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseClassic(t *testing.T) {
	header := http.Header{}
	for name, value := range map[string]string{
		"x-shopify-topic": "orders/create", "x-shopify-shop-domain": "a.myshopify.com", "x-shopify-webhook-id": "w",
		"x-shopify-event-id": "e", "x-shopify-api-version": "2026-10", "x-shopify-name": "orders", "x-shopify-order-id": "7",
		"x-shopify-test": "true", "x-shopify-triggered-at": "2026-11-03T09:00:03.877041743Z",
		// of the other family, and without effect
		"shopify-handle": "handle", "shopify-action": "update", "shopify-resource-id": "gid://shopify/Order/8",
	} {
		header.Set(name, value)
	}
	got, err := DefaultNames().Parse(header)
	require.NoError(t, err)
	require.Equal(t, Delivery{
		Topic: "orders/create", ShopDomain: "a.myshopify.com", WebhookID: "w", EventID: "e", Name: "orders", APIVersion: "2026-10",
		TriggeredAt: time.Date(2026, 11, 3, 9, 0, 3, 877041743, time.UTC), OrderID: "7", Test: true,
	}, got)
}

func TestParseEvents(t *testing.T) {
	events := http.Header{}
	for name, value := range map[string]string{
		"shopify-topic": "Order", "shopify-shop-domain": "a.myshopify.com", "shopify-webhook-id": "w",
		"shopify-event-id": "e", "shopify-api-version": "2026-10", "shopify-handle": "orders", "shopify-action": "update",
		"shopify-resource-id": "gid://shopify/Order/8", "shopify-triggered-at": "2026-11-03T10:00:03+01:00",
	} {
		events.Set(name, value)
	}
	want := Delivery{
		Events: true, Topic: "Order", Action: "update", ShopDomain: "a.myshopify.com", WebhookID: "w", EventID: "e", Name: "orders",
		APIVersion: "2026-10", TriggeredAt: time.Date(2026, 11, 3, 9, 0, 3, 0, time.UTC), ResourceID: "gid://shopify/Order/8",
	}
	relay := DefaultNames()
	relay.Signature = "X-Relay-Signature"
	tests := map[string]struct {
		names   Names
		headers map[string]string
	}{
		"by the signature's name":           {DefaultNames(), map[string]string{"Shopify-Hmac-Sha256": "s"}},
		"though classic headers come along": {DefaultNames(), map[string]string{"Shopify-Hmac-Sha256": "s", "X-Shopify-Topic": "orders/create"}},
		"by the topic's name":               {relay, map[string]string{"X-Relay-Signature": "s"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			header := events.Clone()
			for key, value := range test.headers {
				header.Set(key, value)
			}
			got, err := test.names.Parse(header)
			require.NoError(t, err)
			require.True(t, want.TriggeredAt.Equal(got.TriggeredAt))
			got.TriggeredAt = want.TriggeredAt
			require.Equal(t, want, got)
		})
	}
}

func TestParseErrorsNameTheHeaderAndNoValue(t *testing.T) {
	complete := func() http.Header {
		return http.Header{"X-Shopify-Topic": {"t"}, "X-Shopify-Shop-Domain": {"s"}, "X-Shopify-Webhook-Id": {"w"}}
	}
	for name := range complete() {
		for problem, values := range map[string][]string{
			"is missing, empty or there more than once": {"canary", "canary"},
			"is longer than 255 bytes":                  {"canary" + strings.Repeat("x", 250)},
		} {
			header := complete()
			header[name] = values
			_, err := DefaultNames().Parse(header)
			require.EqualError(t, err, "header "+name+" "+problem)
		}
		header := complete()
		header.Del(name)
		_, err := DefaultNames().Parse(header)
		require.ErrorContains(t, err, name)
	}
	_, err := DefaultNames().Parse(complete())
	require.NoError(t, err)
}

func TestValidateNames(t *testing.T) {
	require.NoError(t, DefaultNames().Validate())
	require.EqualError(t, Names{Topic: "a b", ShopDomain: "x", WebhookID: "x", TriggeredAt: "x:"}.Validate(),
		"signature: \"\" is no name of a header\ntopic: \"a b\" is no name of a header\ntriggered_at: \"x:\" is no name of a header")
}
