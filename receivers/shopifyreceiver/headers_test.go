// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

const orderBody = `{"id":5550001112223334446,"name":"#1001"}`

// TestSignature is the negative list of who is let in, and the positive one.
func TestSignature(t *testing.T) {
	r := webhooktest.Start(t, subject(func(c *Config) { c.Secrets = "the-old-secret, " + testSecret + "\n" }), nil)
	right := sign(testSecret, []byte(orderBody))
	flipped := "A" + right[1:]
	if flipped == right {
		flipped = "B" + right[1:]
	}
	tests := map[string]struct {
		values []string
		code   int
	}{
		"right":                   {[]string{right}, http.StatusOK},
		"right with space around": {[]string{" " + right + "\t"}, http.StatusOK},
		"older secret":            {[]string{sign("the-old-secret", []byte(orderBody))}, http.StatusOK},
		"missing":                 {nil, http.StatusUnauthorized},
		"empty":                   {[]string{""}, http.StatusUnauthorized},
		"of another body":         {[]string{sign(testSecret, []byte("{}"))}, http.StatusUnauthorized},
		"of another secret":       {[]string{sign("another", []byte(orderBody))}, http.StatusUnauthorized},
		"of the empty secret":     {[]string{sign("", []byte(orderBody))}, http.StatusUnauthorized},
		"one character off":       {[]string{flipped}, http.StatusUnauthorized},
		"truncated":               {[]string{right[:len(right)-4]}, http.StatusUnauthorized},
		"padding left out":        {[]string{strings.TrimRight(right, "=")}, http.StatusUnauthorized},
		"twice":                   {[]string{right, right}, http.StatusUnauthorized},
		"list":                    {[]string{right + "," + right}, http.StatusUnauthorized},
		"prefixed":                {[]string{"sha256=" + right}, http.StatusUnauthorized},
		"not base64":              {[]string{strings.Repeat("!", 44)}, http.StatusUnauthorized},
		"very long":               {[]string{strings.Repeat("A", 8000)}, http.StatusUnauthorized},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r.Sink.Reset()
			q := newRequest("orders/create", name, orderBody)
			q.Header["X-Shopify-Hmac-Sha256"] = test.values
			got := r.Post(t, q)
			require.Equal(t, test.code, got.Code)
			if test.code == http.StatusOK {
				require.Equal(t, 1, r.Sink.LogRecordCount())
				require.Empty(t, got.Body)
				return
			}
			require.Zero(t, r.Sink.LogRecordCount())
			require.Equal(t, "Unauthorized\n", got.Body, "no reason is given")
		})
	}
}

// TestOtherHeaders shows what else makes a signed delivery malformed, and what not.
func TestOtherHeaders(t *testing.T) {
	r := webhooktest.Start(t, subject(), nil)
	long := strings.Repeat("x", 256)
	tests := map[string]struct {
		header string
		values []string
		code   int
	}{
		"no topic":             {"X-Shopify-Topic", nil, http.StatusBadRequest},
		"empty topic":          {"X-Shopify-Topic", []string{" "}, http.StatusBadRequest},
		"two topics":           {"X-Shopify-Topic", []string{"orders/create", "orders/paid"}, http.StatusBadRequest},
		"long topic":           {"X-Shopify-Topic", []string{long}, http.StatusBadRequest},
		"no shop":              {"X-Shopify-Shop-Domain", nil, http.StatusBadRequest},
		"two shops":            {"X-Shopify-Shop-Domain", []string{"a.myshopify.com", "b.myshopify.com"}, http.StatusBadRequest},
		"long shop":            {"X-Shopify-Shop-Domain", []string{long}, http.StatusBadRequest},
		"no webhook id":        {"X-Shopify-Webhook-Id", nil, http.StatusBadRequest},
		"two webhook ids":      {"X-Shopify-Webhook-Id", []string{"1", "2"}, http.StatusBadRequest},
		"long webhook id":      {"X-Shopify-Webhook-Id", []string{long}, http.StatusBadRequest},
		"long name":            {"X-Shopify-Name", []string{long}, http.StatusOK},
		"two event ids":        {"X-Shopify-Event-Id", []string{"1", "2"}, http.StatusOK},
		"time without a zone":  {"X-Shopify-Triggered-At", []string{"2026-11-03T09:00:03"}, http.StatusOK},
		"two times":            {"X-Shopify-Triggered-At", []string{"2026-11-03T09:00:03Z", "2026-11-03T09:00:04Z"}, http.StatusOK},
		"time before 1970":     {"X-Shopify-Triggered-At", []string{"1969-12-31T23:59:59Z"}, http.StatusOK},
		"time after 2262":      {"X-Shopify-Triggered-At", []string{"2500-01-01T00:00:00Z"}, http.StatusOK},
		"old sub-topic header": {"X-Shopify-Sub-Topic", []string{"type:lookbook"}, http.StatusOK},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r.Sink.Reset()
			q := signed(newRequest("orders/create", name, orderBody))
			q.Header[test.header] = test.values
			got := r.Post(t, q)
			require.Equal(t, test.code, got.Code)
			if test.code != http.StatusOK {
				require.Equal(t, "Bad Request\n", got.Body)
				require.Zero(t, r.Sink.LogRecordCount())
				return
			}
			record := theRecord(r.Sink.AllLogs()[0])
			require.Zero(t, record.Timestamp())
			for _, key := range []string{"integration.name", "shopify.event.id"} {
				_, ok := record.Attributes().Get(key)
				require.False(t, ok, key)
			}
		})
	}
}

// TestRenamedHeaders is a relay that signs anew and renames what Shopify sent.
func TestRenamedHeaders(t *testing.T) {
	r := webhooktest.Start(t, subject(func(c *Config) {
		c.Headers.Signature = "x-relay-signature"
		c.Headers.Topic = "x-relay-topic"
		c.Headers.ShopDomain = "x-relay-shop"
		c.Headers.WebhookID = "x-relay-id"
		c.Headers.TriggeredAt = "x-relay-time"
	}), nil)

	relayed := webhooktest.Request{Body: []byte(orderBody), Header: http.Header{
		"X-Relay-Signature":     {sign(testSecret, []byte(orderBody))},
		"X-Relay-Topic":         {"orders/create"},
		"X-Relay-Shop":          {"relayed.myshopify.com"},
		"X-Relay-Id":            {"1"},
		"X-Relay-Time":          {"2026-11-03T09:00:03Z"},
		"X-Shopify-Hmac-Sha256": {sign("the shop's, which the relay keeps", []byte(orderBody))},
		"X-Shopify-Event-Id":    {"59d6d79c"},
	}}
	require.Equal(t, http.StatusOK, r.Post(t, relayed).Code)
	logs := r.Sink.AllLogs()[0]
	require.Equal(t, "relayed.myshopify.com", logs.ResourceLogs().At(0).Resource().Attributes().AsRaw()["integration.account"])
	record := theRecord(logs)
	require.Equal(t, "Order #1001 created", record.Body().Str())
	require.EqualValues(t, 1793696403_000000000, record.Timestamp())
	require.Equal(t, "59d6d79c", record.Attributes().AsRaw()["shopify.event.id"])

	t.Run("Events keep their own headers", func(t *testing.T) {
		for name, signature := range map[string]http.Header{
			"signed anew":              {"X-Relay-Signature": {sign(testSecret, []byte("{}"))}},
			"signed anew, and the old": {"X-Relay-Signature": {sign(testSecret, []byte("{}"))}, "Shopify-Hmac-Sha256": {sign("the app's", []byte("{}"))}},
			"passed on":                {"Shopify-Hmac-Sha256": {sign(testSecret, []byte("{}"))}},
		} {
			r.Sink.Reset()
			header := http.Header{
				"Shopify-Topic": {"Order"}, "Shopify-Action": {"create"},
				"Shopify-Shop-Domain": {"relayed.myshopify.com"}, "Shopify-Webhook-Id": {name},
			}
			maps.Copy(header, signature)
			require.Equal(t, http.StatusOK, r.Post(t, webhooktest.Request{Header: header, Body: []byte("{}")}).Code, name)
			require.Equal(t, "Order created", theRecord(r.Sink.AllLogs()[0]).Body().Str(), name)
		}
	})

	t.Run("Shopify's own name is not read", func(t *testing.T) {
		q := signed(newRequest("orders/create", "2", orderBody))
		require.Equal(t, http.StatusUnauthorized, r.Post(t, q).Code)
	})
}

// TestActivityID tells what makes two deliveries one activity: nothing but shop,
// topic and webhook id, whatever the event id says.
func TestActivityID(t *testing.T) {
	r := webhooktest.Start(t, subject(), nil)
	change := func(header, value string) webhooktest.Request {
		q := signed(newRequest("orders/create", "1", orderBody))
		q.Header.Set("X-Shopify-Event-Id", "one action of the merchant")
		q.Header.Set(header, value)
		return q
	}
	for i, q := range []webhooktest.Request{
		change("X-Shopify-Event-Id", "one action of the merchant"),
		change("X-Shopify-Event-Id", "another"), // again the first
		change("X-Shopify-Webhook-Id", "2"),
		change("X-Shopify-Topic", "orders/paid"),
		change("X-Shopify-Shop-Domain", "another.myshopify.com"),
	} {
		require.Equal(t, http.StatusOK, r.Post(t, q).Code)
		require.Equal(t, []int{1, 1, 2, 3, 4}[i], r.Sink.LogRecordCount())
	}
	require.EqualValues(t, 1, r.Sum(t, "otelcol_webhook_duplicate_activities"))
	id, _ := theRecord(r.Sink.AllLogs()[0]).Attributes().Get("activity.id")
	require.Equal(t, "fern-and-flint.myshopify.com/orders/create/1", id.Str())
}
