// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main // import "github.com/integrationlog/integrationlog/internal/demo"

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// webhook is one event of a shop, made up. Bodies carry a person's data, as real ones
// do, so that one can see that it is not in the log.
type webhook struct {
	topic string
	// age is how long ago it happened.
	age  time.Duration
	body string
}

var webhooks = []webhook{
	{"customers/create", 50 * time.Minute, `{
		"id": 706405506930370084, "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace",
		"orders_count": 0, "state": "enabled", "admin_graphql_api_id": "gid://shopify/Customer/706405506930370084"}`},
	{"orders/create", 42 * time.Minute, `{
		"id": 820982911946154508, "name": "#1001", "email": "ada@example.com", "total_price": "59.00", "currency": "EUR",
		"financial_status": "pending", "customer": {"id": 706405506930370084, "first_name": "Ada"},
		"admin_graphql_api_id": "gid://shopify/Order/820982911946154508"}`},
	{"order_transactions/create", 41 * time.Minute, `{
		"id": 389404469, "order_id": 820982911946154508, "kind": "sale", "gateway": "bogus", "status": "failure",
		"message": "The card was declined", "error_code": "card_declined", "amount": "59.00", "currency": "EUR"}`},
	{"orders/paid", 35 * time.Minute, `{
		"id": 820982911946154508, "name": "#1001", "email": "ada@example.com", "financial_status": "paid"}`},
	{"fulfillments/create", 20 * time.Minute, `{
		"id": 123456, "order_id": 820982911946154508, "name": "#1001.1", "status": "success",
		"tracking_company": "UPS", "destination": {"first_name": "Ada", "city": "London"}}`},
	{"fulfillments/update", 5 * time.Minute, `{
		"id": 123456, "order_id": 820982911946154508, "name": "#1001.1", "status": "failure",
		"tracking_company": "UPS", "shipment_status": "failure"}`},
}

// send posts the webhook, signed, and returns the status code of the answer.
func (w webhook) send(ctx context.Context, secret string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, webhookURL, strings.NewReader(w.body))
	if err != nil {
		return 0, err
	}
	for name, value := range map[string]string{
		"Content-Type":           "application/json",
		"X-Shopify-Hmac-Sha256":  sign(secret, w.body),
		"X-Shopify-Topic":        w.topic,
		"X-Shopify-Shop-Domain":  "demo.myshopify.com",
		"X-Shopify-Api-Version":  "2026-10",
		"X-Shopify-Webhook-Id":   rand.Text(),
		"X-Shopify-Event-Id":     rand.Text(),
		"X-Shopify-Triggered-At": time.Now().Add(-w.age).UTC().Format(time.RFC3339Nano),
	} {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	if err := response.Body.Close(); err != nil {
		return 0, fmt.Errorf("answer to %s: %w", w.topic, err)
	}
	return response.StatusCode, nil
}

// sign is how Shopify signs: base64 of an HMAC-SHA256 over the raw body.
func sign(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
