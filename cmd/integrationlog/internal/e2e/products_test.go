// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// All products share a port, and none lets in who has the secret of another.
func TestOnePortFiveProducts(t *testing.T) {
	all := install(t)
	all.Run(t)
	secrets := map[activity.Product]string{activity.Shopify: all.Shop.Secret, "nobody": "", "stranger": "guessed"}
	for _, pushed := range harness.PushedProducts {
		secrets[pushed.Product] = pushed.Secret
	}

	for _, pushed := range harness.PushedProducts {
		for whose, secret := range secrets {
			answer, err := all.Push(t.Context(), pushed.Product, secret, harness.PushedBody(pushed.Product, "1", time.Now()))
			require.NoError(t, err)
			want := http.StatusUnauthorized
			if whose == pushed.Product {
				want = http.StatusOK
			}
			assert.Equal(t, want, answer.Code, "%s with the secret of %s", pushed.Product, whose)
		}
		stranger := *all.Shop
		stranger.Secret = pushed.Secret
		answer, err := stranger.Send(t.Context(), order("forged", time.Now()))
		require.NoError(t, err)
		assert.Equal(t, http.StatusUnauthorized, answer.Code, "a webhook of Shopify's, signed with the secret of %s", pushed.Product)
	}
	require.NoError(t, sendOne(t.Context(), all.Shop, order("1", time.Now())))

	all.AwaitEmptyQueue(t, 30*time.Second)
	for product := range secrets {
		want := 1
		if product == "nobody" || product == "stranger" {
			want = 0
		}
		awaitEntries(t, all.Loki, fmt.Sprintf(`{product=%q}`, product), want)
	}
}

// What cannot be understood in a batch costs its neighbours nothing.
func TestBatchWithUnreadableEvents(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	now := time.Now().UTC()
	var events []string
	for i := range 97 {
		events = append(events, harness.SunCoFailure(fmt.Sprintf("event-%d", i), now))
	}
	unreadable := []string{`"no object"`, `{"id":"no-type","payload":{}}`, `{"type":"conversation:message:delivery:failure","payload":{}}`}
	for i, event := range unreadable {
		events[30*i] += "," + event
	}
	product := harness.PushedProducts[3]
	for range 2 { // and once more, as after an answer that was lost
		answer, err := all.Push(t.Context(), product.Product, product.Secret, harness.SunCoBatch(events...))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, answer.Code)
	}
	all.AwaitEmptyQueue(t, 30*time.Second)
	awaitEntries(t, all.Loki, `{product="sunshine-conversations", status="error"} | activity_type="delivery_failure"`, 97)

	metrics, err := all.Metrics(t.Context())
	require.NoError(t, err)
	counted := metrics["otelcol_webhook_unreadable_activities"].GetMetric()
	assert.Len(t, counted, len(unreadable), "each for a reason of its own")
	for _, metric := range counted {
		assert.InDelta(t, 2, metric.GetCounter().GetValue(), 0)
	}
	assert.Len(t, process.Stderr.Lines("Part of a webhook", "reason"), len(unreadable), "a line a reason")
	assert.InDelta(t, 97, metrics.Sum("otelcol_webhook_duplicate_activities"), 0)
}

// Posts that nothing tells apart are activities all the same.
func TestFiftyEqualPosts(t *testing.T) {
	all := install(t)
	all.Run(t)
	product := harness.PushedProducts[0]
	for range 50 {
		answer, err := all.Push(t.Context(), product.Product, product.Secret, []byte(`{"message":"The order was not found"}`))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, answer.Code)
	}
	entries := awaitEntries(t, all.Loki, `{product="bot-builder"}`, 50)
	byID(t, entries) // requires that the ids differ
	count, err := all.Loki.Count(t.Context(), `{product="bot-builder"}`)
	require.NoError(t, err)
	assert.Equal(t, 50, count)
}

// What is posted again after a kill is in the log once, though nothing tells when it
// happened: it keeps the time at which it first arrived.
func TestKillRightAfterWhatHasNoTime(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	const kills = 5
	post := func(body string) {
		for _, pushed := range harness.PushedProducts[:3] {
			answer, err := all.Push(t.Context(), pushed.Product, pushed.Secret, []byte(body))
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, answer.Code)
		}
	}
	for n := range kills {
		body := fmt.Sprintf(`{"id":"kill-%d","message":"Killed"}`, n)
		post(body)
		process.Kill()
		process, _ = all.Run(t)
		post(body)
	}
	all.AwaitEmptyQueue(t, 30*time.Second)
	for _, pushed := range harness.PushedProducts[:3] {
		selector := fmt.Sprintf(`{product=%q}`, pushed.Product)
		awaitEntries(t, all.Loki, selector, kills)
		count, err := all.Loki.Count(t.Context(), selector)
		require.NoError(t, err)
		assert.Equal(t, kills, count)
	}
}
