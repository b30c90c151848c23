// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	mib = 1 << 20
	// mostMemory bounds the resident memory of a process that is fed with bad input:
	// its memory limit, and what the collector of garbage leaves lying.
	mostMemory = 1280 * mib
)

// badInput is a request that nobody should send.
type badInput struct {
	name string
	body []byte
	// change alters the request, which is signed otherwise.
	change func(*http.Request)
	code   int
}

func badInputs(t *testing.T) []badInput {
	t.Helper()
	valid := order("", time.Time{}).Body
	set := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = values }
	}
	method := func(name string) func(*http.Request) { return func(r *http.Request) { r.Method = name } }
	bomb := gzipped(t, bytes.Repeat([]byte{' '}, 512*mib))
	return []badInput{
		{name: "not JSON", body: []byte("id=1&name=%231001"), code: http.StatusBadRequest},
		{name: "truncated JSON", body: valid[:len(valid)-1], code: http.StatusBadRequest},
		{name: "nothing", body: nil, code: http.StatusBadRequest},
		{name: "two values", body: bytes.Repeat(valid, 2), code: http.StatusBadRequest},
		{name: "no object", body: []byte(`[1,2,3]`), code: http.StatusBadRequest},
		{name: "25 MB", body: bytes.Repeat([]byte{'x'}, 25_000_000), code: http.StatusRequestEntityTooLarge},
		{
			name: "25 MB of unknown length", body: bytes.Repeat([]byte{'x'}, 25_000_000), code: http.StatusRequestEntityTooLarge,
			change: func(r *http.Request) { r.ContentLength = -1 },
		},
		{name: "gzip bomb", body: bomb, code: http.StatusRequestEntityTooLarge, change: set("Content-Encoding", "gzip")},
		{name: "no gzip", body: valid, code: http.StatusBadRequest, change: set("Content-Encoding", "gzip")},
		{name: "unknown encoding", body: valid, code: http.StatusUnsupportedMediaType, change: set("Content-Encoding", "rot13")},
		{name: "GET", body: valid, code: http.StatusMethodNotAllowed, change: method(http.MethodGet)},
		{name: "PUT", body: valid, code: http.StatusMethodNotAllowed, change: method(http.MethodPut)},
		{name: "another path", body: valid, code: http.StatusNotFound, change: func(r *http.Request) { r.URL.Path = "/shopify/more" }},
		{name: "XML", body: []byte("<order/>"), code: http.StatusUnsupportedMediaType, change: set("Content-Type", "application/xml")},
		{name: "broken content type", body: valid, code: http.StatusUnsupportedMediaType, change: set("Content-Type", "application/json; =")},
		{name: "deep nesting", body: []byte(`{"id":` + strings.Repeat("[", 2*mib) + strings.Repeat("]", 2*mib) + `}`), code: http.StatusBadRequest},
		{name: "no topic", body: valid, code: http.StatusBadRequest, change: set("X-Shopify-Topic")},
		{name: "two topics", body: valid, code: http.StatusBadRequest, change: set("X-Shopify-Topic", "orders/create", "orders/paid")},
		{name: "two ids", body: valid, code: http.StatusBadRequest, change: set("X-Shopify-Webhook-Id", "one", "two")},
		{
			name: "two signatures", body: valid, code: http.StatusUnauthorized,
			change: func(r *http.Request) { r.Header.Add("X-Shopify-Hmac-Sha256", r.Header.Get("X-Shopify-Hmac-Sha256")) },
		},
		{name: "endless topic", body: valid, code: http.StatusBadRequest, change: set("X-Shopify-Topic", strings.Repeat("orders/", 10_000))},
	}
}

func TestBadInput(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	idle := process.RSS(t)
	inputs := badInputs(t)
	for _, input := range inputs {
		t.Run(input.name, func(t *testing.T) {
			code, err := input.send(t.Context(), all.Shop)
			require.NoError(t, err)
			assert.Equal(t, input.code, code)
		})
	}

	t.Run("many at once", func(t *testing.T) {
		const shops = 8
		wrong := make(chan error, shops)
		var senders sync.WaitGroup
		for range shops {
			senders.Go(func() {
				for _, input := range inputs {
					code, err := input.send(t.Context(), all.Shop)
					if err != nil || code != input.code && code != http.StatusServiceUnavailable { // too much at once is an answer too
						wrong <- fmt.Errorf("%s: %d, %w", input.name, code, err)
						return
					}
				}
			})
		}
		senders.Wait()
		close(wrong)
		for err := range wrong {
			assert.NoError(t, err)
		}
	})

	// None of it is in the log, and the next one in order is. A byte that is no text
	// costs nobody the activity; it is replaced.
	webhook := order("sound", time.Now())
	webhook.Body = []byte("{\"id\":1,\"name\":\"#1001\xff\",\"financial_status\":\"paid\"}")
	harness.Eventually(t, 30*time.Second, func(ctx context.Context) error { return sendOne(ctx, all.Shop, webhook) })
	requireNothingNew(t, all, webhook)
	entries, err := all.Loki.Entries(t.Context(), everything)
	require.NoError(t, err)
	assert.Equal(t, "Order #1001\ufffd created", entries[0].Line)
	memory := process.RSS(t)
	t.Logf("resident memory: %d MiB idle, %d MiB after bad input", idle/mib, memory/mib)
	assert.Less(t, memory, uint64(mostMemory))
	process.Stop(t)
	assert.NotContains(t, process.Stderr.String(), "panic")
	assert.LessOrEqual(t, len(process.Stderr.Lines("could not be understood")), 1, "said once, then counted")
}

// send returns the status of the answer.
func (b badInput) send(ctx context.Context, shop *harness.Shop) (code int, err error) {
	w := order("bad", time.Now())
	w.Body = b.body
	request, err := shop.Request(ctx, w)
	if err != nil {
		return 0, err
	}
	if b.change != nil {
		b.change(request)
	}
	answer, err := shop.Do(request)
	return answer.Code, err
}

func gzipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	_, err := writer.Write(text)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return compressed.Bytes()
}
