// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package senders

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// Shopify sends the webhooks of a shop.
type Shopify struct {
	target
	secret string
	shop   string
}

// NewShopify returns a sender. The secret is the app's client secret, the shop a domain
// such as acme.myshopify.com.
func NewShopify(client *http.Client, url, secret, shop string) Shopify {
	return Shopify{target{url, client}, secret, shop}
}

// ShopifyWebhook is one event of a shop.
type ShopifyWebhook struct {
	Topic string
	// DeliveryID stays the same when it is sent again; EventID is shared by all webhooks
	// of what a merchant did once.
	DeliveryID  string
	EventID     string
	TriggeredAt time.Time
	Body        []byte
	// Name is what the developer called a classic subscription; it may be empty.
	Name string
	// Failed tells whether it is about something that went wrong.
	Failed bool
	// Next makes it a delivery of the newer Events, whose headers are others; Action is
	// then what was done.
	Next   bool
	Action string
}

// Send signs a webhook and posts it.
func (s Shopify) Send(ctx context.Context, webhook ShopifyWebhook) (Answer, error) {
	return s.post(ctx, s.header(webhook), webhook.Body)
}

func (s Shopify) header(webhook ShopifyWebhook) http.Header {
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write(webhook.Body)
	prefix, version := "X-Shopify-", "2026-10"
	if webhook.Next {
		prefix, version = "shopify-", "unstable"
	}
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Shopify-Captain-Hook"}}
	for name, value := range map[string]string{
		"Hmac-Sha256":  base64.StdEncoding.EncodeToString(mac.Sum(nil)),
		"Topic":        webhook.Topic,
		"Shop-Domain":  s.shop,
		"API-Version":  version,
		"Webhook-Id":   webhook.DeliveryID,
		"Event-Id":     webhook.EventID,
		"Triggered-At": webhook.TriggeredAt.UTC().Format(time.RFC3339Nano),
	} {
		header.Set(prefix+name, value)
	}
	if webhook.Action != "" {
		header.Set(prefix+"Action", webhook.Action)
	}
	if webhook.Name != "" {
		header.Set(prefix+"Name", webhook.Name)
	}
	return header
}
