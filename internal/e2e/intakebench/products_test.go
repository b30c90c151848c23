// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/entry"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
	"github.com/integrationlog/integrationlog/internal/webhook"
	"github.com/integrationlog/integrationlog/receivers/actionsreceiver"
	"github.com/integrationlog/integrationlog/receivers/botbuilderreceiver"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver"
	"github.com/integrationlog/integrationlog/receivers/zisreceiver"
)

const (
	// secret signs, and lets in.
	secret = "the secret of the sender"
	// signature is Shopify's header, and apiKey that of all others.
	signature = "X-Shopify-Hmac-Sha256"
	apiKey    = "X-Api-Key"
)

var happened = time.Date(2026, 11, 3, 9, 0, 3, 877041743, time.UTC)

// product is one that posts, with what it posts.
type product struct {
	name    string
	factory receiver.Factory
	// configure sets the secret, and returns what all receivers have.
	configure func(component.Config) *webhook.Config
	// request returns a request of this many records; batches tells whether it can have
	// more than one.
	request func(tb testing.TB, records int) request
	batches bool
}

var products = []product{
	{"shopify", shopifyreceiver.NewFactory(), configureShopify, shopifyRequest, false},
	{"sunshine-conversations", sunshineconversationsreceiver.NewFactory(), configureConversations, conversationsRequest, true},
	{"zis", zisreceiver.NewFactory(), configureEntries, entriesRequest(func(n int) senders.Entry { return senders.ZISSample(n, happened) }), true},
	{"bot-builder", botbuilderreceiver.NewFactory(), configureEntries, entriesRequest(senders.BotSample), true},
	{"actions", actionsreceiver.NewFactory(), configureEntries, entriesRequest(senders.ActionSample), true},
}

func configureShopify(config component.Config) *webhook.Config {
	c := config.(*shopifyreceiver.Config)
	c.Secrets = secret
	return &c.Config
}

func configureConversations(config component.Config) *webhook.Config {
	c := config.(*sunshineconversationsreceiver.Config)
	c.Secrets = secret
	return &c.Config
}

func configureEntries(config component.Config) *webhook.Config {
	c := config.(*entry.Config)
	c.Secrets = secret
	return &c.Config
}

// shopifyRequest is a signed webhook of 1 KiB. Shopify sends one event in each.
func shopifyRequest(tb testing.TB, records int) request {
	tb.Helper()
	require.Equal(tb, 1, records)
	const beginning = `{"id":5550001112223334446,"admin_graphql_api_id":"gid://shopify/Order/5550001112223334446","created_at":"2026-11-03T10:00:00+01:00",` +
		`"currency":"EUR","email":"somebody@example.com","financial_status":"paid","fulfillment_status":null,"name":"#1001","order_number":1001,` +
		`"total_price":"94.80","updated_at":"2026-11-03T10:00:02+01:00","customer":{"id":7011223344556677889,"state":"enabled","tags":"regular"},` +
		`"line_items":[{"id":4433221100998877665,"name":"Teapot, cast iron","price":"89.90","quantity":1,"sku":"TEA-01","properties":[]}],"note":"`
	body := []byte(beginning)
	body = append(body, bytes.Repeat([]byte("x"), 1024-len(body)-2)...)
	body = append(body, `"}`...)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return request{path: "/shopify", body: body, records: 1, header: fmt.Sprintf(
		"%s: %s\r\nX-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: fern-and-flint.myshopify.com\r\n"+
			"X-Shopify-API-Version: 2026-10\r\nX-Shopify-Webhook-Id: b54557e4-bdd9-4b37-%s\r\n"+
			"X-Shopify-Event-Id: 59d6d79c-595f-4e7e-bc6f-000000000001\r\nX-Shopify-Triggered-At: %s\r\n",
		signature, base64.StdEncoding.EncodeToString(mac.Sum(nil)), placeholder, happened.Format(time.RFC3339Nano),
	)}
}

// conversationsRequest is a batch of messages that could not be delivered.
func conversationsRequest(tb testing.TB, records int) request {
	tb.Helper()
	events := make([]map[string]any, records)
	for n := range events {
		sample := senders.ConversationSample(0, happened)
		events[n] = map[string]any{
			"id": fmt.Sprintf("%08d%s", n, placeholder), "type": sample.Type, "createdAt": sample.At.Format("2006-01-02T15:04:05.000Z"), "payload": sample.Payload,
		}
	}
	body, err := json.Marshal(map[string]any{
		"app": map[string]string{"id": "64b5c0d619a30a2e00de36b8"}, "webhook": map[string]string{"id": "5e8e3b6b1a2f0c0010c5d1a7", "version": "v2"}, "events": events,
	})
	require.NoError(tb, err)
	return request{path: "/sunshine-conversations", header: apiKey + ": " + secret + "\r\n", body: body, records: records}
}

// entriesRequest returns requests of entries: one, or a list.
func entriesRequest(sample func(n int) senders.Entry) func(testing.TB, int) request {
	return func(tb testing.TB, records int) request {
		tb.Helper()
		entries := make([]string, records)
		for n := range entries {
			e := sample(0)
			e.ID = fmt.Sprintf("entry:%d:%s", n, placeholder)
			if e.Timestamp == "" {
				e.ID = "" // where the sender knows no time, it knows no id
			}
			text, err := json.Marshal(e)
			require.NoError(tb, err)
			entries[n] = string(text)
		}
		body := strings.Join(entries, ",")
		if records > 1 {
			body = "[" + body + "]"
		}
		return request{path: "/" + sample(0).Product, header: apiKey + ": " + secret + "\r\n", body: []byte(body), records: records}
	}
}
