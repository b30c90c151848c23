// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWebhooksAreJSON(t *testing.T) {
	for _, w := range webhooks {
		assert.True(t, json.Valid([]byte(w.body)), w.topic)
	}
}

// The digest was made with openssl: printf '{"id":1}' | openssl dgst -sha256 -hmac secret -binary | base64
func TestSign(t *testing.T) {
	assert.Equal(t, "A971iWIMgT8Zj9A9eWfikrFj7wQ16/Qwcc4OlRl2PLc=", sign("secret", `{"id":1}`))
}

func TestLinesAreInOrder(t *testing.T) {
	var result queryResult
	require.NoError(t, json.Unmarshal([]byte(`{"data": {"result": [
		{"stream": {"product": "shopify", "status": "info"}, "values": [["1000000003", "third"], ["1000000001", "first"]]},
		{"stream": {"product": "shopify", "status": "error"}, "values": [["1000000002", "second"]]}]}}`), &result))
	lines, err := result.lines()
	require.NoError(t, err)
	require.Len(t, lines, 3)
	assert.Equal(t, "third", lines[0].text)
	assert.Equal(t, "second", lines[1].text)
	assert.Equal(t, "error", lines[1].labels["status"])
	assert.Equal(t, time.Unix(1, 1), lines[2].at)
}

func TestLinesOfABadAnswer(t *testing.T) {
	var result queryResult
	require.NoError(t, json.Unmarshal([]byte(`{"data": {"result": [{"values": [["now", "line"]]}]}}`), &result))
	_, err := result.lines()
	require.ErrorContains(t, err, "time of a line")
}

func TestPrintLines(t *testing.T) {
	var out strings.Builder
	at := time.Date(2026, 11, 23, 9, 30, 0, 0, time.Local)
	require.NoError(t, printLines(&out, "{}", []line{
		{at: at, labels: map[string]string{"product": "shopify", "status": "info"}, text: "Order #1001 created"},
	}))
	assert.Contains(t, out.String(), "{} has 1 lines:")
	assert.Contains(t, out.String(), "2026-11-23 09:30:00  shopify  info    Order #1001 created")
}

func TestRetry(t *testing.T) {
	calls := 0
	require.NoError(t, retry(t.Context(), func() (bool, error) { calls++; return calls == 2, nil }))
	assert.Equal(t, 2, calls)

	failure := errors.New("refused")
	require.ErrorIs(t, retry(t.Context(), func() (bool, error) { return false, failure }), failure)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, retry(ended, func() (bool, error) { return false, nil }), context.Canceled)
}

func TestAnAllInOneThatEndsByItselfIsAnError(t *testing.T) {
	err := runAllInOne(t.Context(), "false", t.TempDir(), "secret")
	require.ErrorContains(t, err, "the all-in-one ended by itself: exit status 1")
}
