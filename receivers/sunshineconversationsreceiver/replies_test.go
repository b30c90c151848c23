// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// TestReplies is the table of replies in the README.
func TestReplies(t *testing.T) {
	accepted := batch(t, failureEvent(1))
	webhooktest.ReplyTable{
		New: func(testing.TB) webhooktest.Subject { return subjectOf(testConfig()) },
		Requests: map[webhooktest.Case]webhooktest.Request{
			webhooktest.Accepted:    accepted,
			webhooktest.Malformed:   newRequest([]byte(`{"app":{"id":"x"},"events":`)),
			webhooktest.WrongSecret: forged(accepted),
			webhooktest.NoSecret:    accepted.With(keyHeader),
			webhooktest.Filtered:    fixture(t, "delivery_channel"),
			webhooktest.UnknownType: fixture(t, "unknown_failure"),
		},
		Want: map[webhooktest.Case]int{
			webhooktest.Accepted:    http.StatusOK,
			webhooktest.Duplicate:   http.StatusOK,
			webhooktest.Filtered:    http.StatusOK,
			webhooktest.UnknownType: http.StatusOK,
			webhooktest.WrongSecret: http.StatusUnauthorized,
			webhooktest.NoSecret:    http.StatusUnauthorized,
			webhooktest.Malformed:   http.StatusBadRequest,
			webhooktest.MediaType:   http.StatusBadRequest,
			webhooktest.TooLarge:    http.StatusNotAcceptable,
			webhooktest.ForGood:     http.StatusBadRequest,
			webhooktest.ForNow:      http.StatusServiceUnavailable,
			webhooktest.Deadline:    http.StatusServiceUnavailable,
			webhooktest.NotRunning:  http.StatusServiceUnavailable,
		},
	}.Check(t)
}

// TestNothingTransientIsNeverRetried: Sunshine Conversations takes five codes for final.
// Source: https://developer.zendesk.com/api-reference/conversations/#tag/Webhooks
func TestNothingTransientIsNeverRetried(t *testing.T) {
	never := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusNotAcceptable}
	s := newSource(testConfig())
	for outcome := webhook.Accepted; outcome <= webhook.Refused; outcome++ {
		code := s.Reply(outcome)
		switch outcome {
		case webhook.Accepted:
			require.Equal(t, http.StatusOK, code)
		case webhook.Unauthorized, webhook.Malformed, webhook.UnsupportedMediaType, webhook.TooLarge, webhook.Refused:
			require.Contains(t, never, code, outcome)
		case webhook.MethodNotAllowed:
			require.Equal(t, http.StatusMethodNotAllowed, code, "only ever asked for by somebody else")
		default:
			require.NotContains(t, never, code, outcome)
			require.Contains(t, []int{http.StatusRequestTimeout, http.StatusServiceUnavailable}, code, outcome)
		}
	}
}

// TestSecrets: whoever is not let in gets the same answer, whatever was wrong.
func TestSecrets(t *testing.T) {
	config := testConfig()
	config.Secrets = testSecret + ", the-older-one"
	r := webhooktest.Start(t, subjectOf(config), nil)
	tests := map[string]struct {
		values []string
		code   int
	}{
		"the one":             {[]string{testSecret}, http.StatusOK},
		"the older one":       {[]string{"the-older-one"}, http.StatusOK},
		"with space around":   {[]string{" " + testSecret + " "}, http.StatusOK},
		"missing":             {nil, http.StatusUnauthorized},
		"empty":               {[]string{""}, http.StatusUnauthorized},
		"wrong":               {[]string{"wrong"}, http.StatusUnauthorized},
		"wrong, as long":      {[]string{"canary-secret-of-the-webhooK"}, http.StatusUnauthorized},
		"the beginning":       {[]string{testSecret[:10]}, http.StatusUnauthorized},
		"longer":              {[]string{testSecret + "x"}, http.StatusUnauthorized},
		"both, with a comma":  {[]string{testSecret + ", the-older-one"}, http.StatusUnauthorized},
		"twice":               {[]string{testSecret, testSecret}, http.StatusUnauthorized},
		"a comma and nothing": {[]string{","}, http.StatusUnauthorized},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			reply := r.Post(t, batch(t, failureEvent(1)).With(keyHeader, test.values...))
			require.Equal(t, test.code, reply.Code)
			if test.code == http.StatusUnauthorized {
				require.Equal(t, "Unauthorized\n", reply.Body)
			}
		})
	}
	require.Equal(t, 1, r.Sink.LogRecordCount())
}

// TestOddRequests is about what surrounds the body.
func TestOddRequests(t *testing.T) {
	r := webhooktest.Start(t, subjectOf(testConfig()), nil)
	tests := map[string]struct {
		change func(*http.Request)
		code   int
	}{
		"GET":              {func(q *http.Request) { q.Method = http.MethodGet }, http.StatusMethodNotAllowed},
		"no content type":  {func(q *http.Request) { q.Header.Del("Content-Type") }, http.StatusOK},
		"charset":          {func(q *http.Request) { q.Header.Set("Content-Type", "application/json; charset=utf-8") }, http.StatusOK},
		"unknown encoding": {func(q *http.Request) { q.Header.Set("Content-Encoding", "br") }, http.StatusBadRequest},
		"no gzip":          {func(q *http.Request) { q.Header.Set("Content-Encoding", "gzip") }, http.StatusBadRequest},
		"chunked":          {func(q *http.Request) { q.ContentLength = -1 }, http.StatusOK},
	}
	number := 0
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r.Sink.Reset()
			number++
			q := batch(t, failureEvent(number))
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL, io.NopCloser(bytes.NewReader(q.Body)))
			require.NoError(t, err)
			request.ContentLength = int64(len(q.Body))
			request.Header = q.Header
			test.change(request)
			require.Equal(t, test.code, r.Do(t, request).Code)
			require.Equal(t, test.code == http.StatusOK, r.Sink.LogRecordCount() == 1)
		})
	}
}

// TestBodyThatEndsEarly: whoever passes a request on may lose its connection and still
// wait for the answer.
func TestBodyThatEndsEarly(t *testing.T) {
	r := webhooktest.Start(t, subjectOf(testConfig()), nil)
	q := batch(t, failureEvent(1))
	require.Equal(t, http.StatusRequestTimeout, r.Exchange(t, q, int64(len(q.Body)+10)))
	require.Zero(t, r.Sink.LogRecordCount())
	require.Equal(t, http.StatusOK, r.Post(t, q).Code)
	require.Equal(t, 1, r.Sink.LogRecordCount())
}

// TestLargeBodies: announced, in chunks, and of a gigabyte that is a megabyte on the wire.
// None is worth a retry.
func TestLargeBodies(t *testing.T) {
	r := webhooktest.Start(t, subjectOf(testConfig()), nil)
	large := newRequest(bytes.Repeat([]byte("x"), 25<<20))
	bomb := newRequest(bytes.Repeat(webhooktest.Gzip(t, make([]byte, 1<<20)), 1<<10)).With("Content-Encoding", "gzip")
	require.Equal(t, http.StatusNotAcceptable, r.Exchange(t, large, int64(len(large.Body))))
	require.Equal(t, http.StatusNotAcceptable, r.Exchange(t, large, -1))
	require.Equal(t, http.StatusNotAcceptable, r.Exchange(t, bomb, int64(len(bomb.Body))))
	require.Zero(t, r.Sink.LogRecordCount())
}
