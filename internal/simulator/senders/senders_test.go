// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package senders

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

var at = time.Date(2026, 11, 26, 10, 20, 30, 456000000, time.UTC)

// receiver takes everything, unless it is told otherwise.
func receiver(t *testing.T) *endpoint.Server {
	t.Helper()
	server, err := endpoint.Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

// client keeps no connections, which would be left over.
func client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

func TestShopifyWebhooksAreSigned(t *testing.T) {
	server := receiver(t)
	sender := NewShopify(client(), server.URL+"/shopify", "secret", "acme.myshopify.com")
	failures := 0
	for n := range shopifySamples {
		webhook := ShopifySample(n, at)
		answer, err := sender.Send(t.Context(), webhook)
		require.NoError(t, err)
		assert.True(t, answer.Accepted())
		assert.True(t, json.Valid(webhook.Body), string(webhook.Body))
		assert.NotContains(t, string(webhook.Body), "%!")
		if webhook.Failed {
			failures++
		}
	}
	assert.Equal(t, 2, failures)
	requests := server.Requests("/shopify")
	require.Len(t, requests, len(shopifySamples))
	for n, request := range requests {
		prefix := "X-Shopify-"
		if n == len(shopifySamples)-1 {
			prefix = "Shopify-"
			assert.Equal(t, "update", request.Header.Get("shopify-action"))
		}
		mac := hmac.New(sha256.New, []byte("secret"))
		mac.Write([]byte(request.Body))
		assert.Equal(t, base64.StdEncoding.EncodeToString(mac.Sum(nil)), request.Header.Get(prefix+"Hmac-Sha256"))
		assert.Equal(t, ShopifySample(n, at).Topic, request.Header.Get(prefix+"Topic"))
		assert.Equal(t, "acme.myshopify.com", request.Header.Get(prefix+"Shop-Domain"))
		assert.Equal(t, "2026-11-26T10:20:30.456Z", request.Header.Get(prefix+"Triggered-At"))
	}
	assert.Empty(t, requests[0].Header.Values("X-Shopify-Name"))
	named := ShopifySample(0, at)
	named.Name = "orders"
	_, err := sender.Send(t.Context(), named)
	require.NoError(t, err)
	requests = server.Requests("/shopify")
	assert.Equal(t, "orders", requests[len(requests)-1].Header.Get("X-Shopify-Name"))
	again := len(shopifySamples)
	same := ShopifySample(0, at)
	assert.Equal(t, same, ShopifySample(0, at))
	assert.NotEqual(t, ShopifySample(0, at).DeliveryID, ShopifySample(again, at).DeliveryID)
}

func TestConversationsComeInBatches(t *testing.T) {
	server := receiver(t)
	sender := NewSunshineConversations(client(), server.URL+"/sunshine-conversations", "key", "app")
	var events []ConversationEvent
	failures := 0
	for n := range conversationSamples {
		event := ConversationSample(n, at)
		if event.Failed {
			failures++
		}
		events = append(events, event)
	}
	assert.Equal(t, 4, failures)
	_, err := sender.Send(t.Context(), events...)
	require.NoError(t, err)
	requests := server.Requests("")
	require.Len(t, requests, 1)
	assert.Equal(t, "key", requests[0].Header.Get("X-API-Key"))
	var batch struct {
		App struct {
			ID string `json:"id"`
		} `json:"app"`
		Events []struct {
			ID        string         `json:"id"`
			CreatedAt string         `json:"createdAt"`
			Payload   map[string]any `json:"payload"`
		} `json:"events"`
	}
	require.NoError(t, json.Unmarshal([]byte(requests[0].Body), &batch))
	assert.Equal(t, "app", batch.App.ID)
	require.Len(t, batch.Events, len(conversationSamples))
	ids := map[string]bool{}
	for _, event := range batch.Events {
		ids[event.ID] = true
		assert.Equal(t, "2026-11-26T10:20:30.456Z", event.CreatedAt)
		assert.Contains(t, event.Payload, "user")
	}
	assert.Len(t, ids, len(conversationSamples))
	_, err = sender.Send(t.Context(), ConversationEvent{Payload: map[string]any{"no": func() {}}})
	require.Error(t, err)
}

func TestEntries(t *testing.T) {
	server := receiver(t)
	sender := NewEntries(client(), server.URL+"/zis", "token")
	for _, sample := range []func(int) Entry{func(n int) Entry { return ZISSample(n, at) }, BotSample, ActionSample} {
		failures := 0
		for n := range 60 {
			entry := sample(n)
			if entry.Failed() {
				failures++
			}
			if n >= 5 {
				continue
			}
			_, err := sender.Send(t.Context(), entry)
			require.NoError(t, err)
		}
		assert.Positive(t, failures)
	}
	requests := server.Requests("/zis")
	require.Len(t, requests, 15)
	assert.Equal(t, "Bearer token", requests[0].Credential())
	assert.JSONEq(t, `{"id":"zis:4711001:order_sync:on_ticket_created:Done:info:18-646602000","timestamp":"2026-11-26T10:20:30Z","product":"zis","level":"info",
		"message":"Order sent","fields":{"integration_key":"order_sync","account_id":4711001,"event_ref":"18-646602000","flow":"on_ticket_created","state":"Done",
		"subdomain":"acme","object":{"type":"ticket","id":35000}}}`, requests[0].Body)
	// What is empty is left out.
	assert.NotContains(t, requests[5].Body, "timestamp")
	// A sample does not change those that come after it.
	same := ActionSample(1)
	assert.Equal(t, same, ActionSample(1))
	assert.NotContains(t, actionSamples[0].fields, "subdomain")
	_, err := sender.Send(t.Context(), Entry{Fields: map[string]any{"no": func() {}}})
	require.Error(t, err)
}

func TestAnswers(t *testing.T) {
	server := receiver(t)
	server.Inject(endpoint.Fault{Times: 1, Answer: endpoint.RetryAfter(10*time.Second, endpoint.Status(http.StatusServiceUnavailable, "text/plain", "full"))})
	sender := NewEntries(client(), server.URL, "token")
	answer, err := sender.Send(t.Context(), BotSample(0))
	require.NoError(t, err)
	assert.Equal(t, Answer{http.StatusServiceUnavailable, "10", "full"}, answer)
	assert.False(t, answer.Accepted())

	for _, fault := range []endpoint.Answer{endpoint.Broken(), cutOff} {
		server.Inject(endpoint.Fault{Times: 1, Answer: fault})
		_, err = sender.Send(t.Context(), BotSample(0))
		require.Error(t, err)
	}
	_, err = NewEntries(nil, "http://[", "token").Send(t.Context(), BotSample(0))
	require.Error(t, err)
	_, err = NewEntries(nil, "http://127.0.0.1:0", "token").Send(t.Context(), BotSample(0))
	require.Error(t, err)
}

// cutOff promises more than it writes.
func cutOff(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	endpoint.HalfWritten()(w, r, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("x", 1<<16)))
	}))
}
