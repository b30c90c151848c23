// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// TestBadBodies posts what is signed and yet no webhook. goleak looks after the
// goroutines of the package.
func TestBadBodies(t *testing.T) {
	r := webhooktest.Start(t, subject(), nil)
	tests := map[string]struct {
		body string
		code int
	}{
		"empty":                    {"", http.StatusBadRequest},
		"space":                    {" \n", http.StatusBadRequest},
		"not JSON":                 {"id=1&name=x", http.StatusBadRequest},
		"XML":                      {`<?xml version="1.0"?><order><id>1</id></order>`, http.StatusBadRequest},
		"truncated":                {orderBody[:len(orderBody)-3], http.StatusBadRequest},
		"array":                    {"[" + orderBody + "]", http.StatusBadRequest},
		"null":                     {"null", http.StatusBadRequest},
		"number":                   {"1", http.StatusBadRequest},
		"two objects":              {orderBody + orderBody, http.StatusBadRequest},
		"byte order mark":          {"\ufeff" + orderBody, http.StatusBadRequest},
		"NUL":                      {orderBody + "\x00", http.StatusBadRequest},
		"20,000 arrays deep":       {`{"line_items":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}", http.StatusBadRequest},
		"20,000 objects deep":      {strings.Repeat(`{"order":`, 20_000) + "1" + strings.Repeat("}", 20_000), http.StatusBadRequest},
		"9,000 arrays deep":        {`{"line_items":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + "}", http.StatusOK},
		"invalid UTF-8":            {"{\"name\":\"#\xff1\",\"note\":\"\xc3\x28\"}", http.StatusOK},
		"lone surrogate":           {`{"name":"\ud800"}`, http.StatusOK},
		"duplicate names":          {`{"id":1,"id":2,"name":"#1","name":"#2"}`, http.StatusOK},
		"no members":               {"{}", http.StatusOK},
		"all of the wrong type":    {`{"id":{},"name":[],"order_id":true,"created_at":{"x":1},"fields_changed":1}`, http.StatusOK},
		"a number of many digits":  {`{"id":` + strings.Repeat("9", 100_000) + `}`, http.StatusOK},
		"a name of many bytes":     {`{"name":"` + strings.Repeat("#", 1<<20) + `"}`, http.StatusOK},
		"100,000 members":          {`{` + strings.Repeat(`"id":1,`, 100_000) + `"x":0}`, http.StatusOK},
		"100,000 changed fields":   {`{"fields_changed":[` + strings.Repeat(`"a.b",`, 100_000) + `"c"]}`, http.StatusOK},
		"as large as may be":       {`{"note":"` + strings.Repeat("x", 20<<20-11) + `"}`, http.StatusOK},
		"larger than may be by 1":  {`{"note":"` + strings.Repeat("x", 20<<20-10) + `"}`, http.StatusRequestEntityTooLarge},
		"escapes everywhere":       {`{"name":"` + strings.Repeat(`\u0023`, 10_000) + `"}`, http.StatusOK},
		"an invalid escape":        {`{"name":"\x"}`, http.StatusBadRequest},
		"a control character":      {"{\"name\":\"a\nb\"}", http.StatusBadRequest},
		"Infinity":                 {`{"id":Infinity}`, http.StatusBadRequest},
		"a comment":                {`{/* */"id":1}`, http.StatusBadRequest},
		"single quotes":            {`{'id':1}`, http.StatusBadRequest},
		"something after the JSON": {orderBody + "\n]", http.StatusBadRequest},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r.Sink.Reset()
			q := signed(newRequest("orders/create", name, test.body))
			got := r.Exchange(t, q, int64(len(q.Body)))
			require.Equal(t, test.code, got)
			if test.code != http.StatusOK {
				require.Zero(t, r.Sink.LogRecordCount())
				return
			}
			require.Equal(t, 1, r.Sink.LogRecordCount())
			requireValid(t, r.Sink.AllLogs()[0])
		})
	}
	var lines int
	for _, entry := range r.Log.All() {
		if strings.Contains(entry.Message, "could not be understood") {
			lines++
		}
	}
	require.Equal(t, 1, lines, "one line, however many are malformed")
}

// TestBadRequests is about what surrounds the body.
func TestBadRequests(t *testing.T) {
	r := webhooktest.Start(t, subject(), nil)
	tests := map[string]struct {
		change func(*http.Request)
		code   int
	}{
		"GET":               {func(q *http.Request) { q.Method = http.MethodGet }, http.StatusMethodNotAllowed},
		"HEAD":              {func(q *http.Request) { q.Method = http.MethodHead }, http.StatusMethodNotAllowed},
		"PUT":               {func(q *http.Request) { q.Method = http.MethodPut }, http.StatusMethodNotAllowed},
		"another path":      {func(q *http.Request) { q.URL.Path = "/" }, http.StatusNotFound},
		"a deeper path":     {func(q *http.Request) { q.URL.Path += "/orders" }, http.StatusNotFound},
		"with a query":      {func(q *http.Request) { q.URL.RawQuery = "shop=x" }, http.StatusOK},
		"no content type":   {func(q *http.Request) { q.Header.Del("Content-Type") }, http.StatusOK},
		"charset":           {func(q *http.Request) { q.Header.Set("Content-Type", "application/json; charset=utf-8") }, http.StatusOK},
		"a JSON type":       {func(q *http.Request) { q.Header.Set("Content-Type", "application/vnd.shopify+json") }, http.StatusOK},
		"XML":               {func(q *http.Request) { q.Header.Set("Content-Type", "application/xml") }, http.StatusUnsupportedMediaType},
		"a form":            {func(q *http.Request) { q.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, http.StatusUnsupportedMediaType},
		"no type at all":    {func(q *http.Request) { q.Header.Set("Content-Type", ";;;") }, http.StatusUnsupportedMediaType},
		"unknown encoding":  {func(q *http.Request) { q.Header.Set("Content-Encoding", "br") }, http.StatusUnsupportedMediaType},
		"gzip that is none": {func(q *http.Request) { q.Header.Set("Content-Encoding", "gzip") }, http.StatusBadRequest},
		"chunked":           {func(q *http.Request) { q.ContentLength = -1 }, http.StatusOK},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r.Sink.Reset()
			q := signed(newRequest("orders/create", name, orderBody))
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL, io.NopCloser(bytes.NewReader(q.Body)))
			require.NoError(t, err)
			request.ContentLength = int64(len(q.Body))
			request.Header = q.Header
			test.change(request)
			got := r.Do(t, request)
			require.Equal(t, test.code, got.Code)
			require.Equal(t, test.code == http.StatusOK, r.Sink.LogRecordCount() == 1)
			if test.code == http.StatusMethodNotAllowed {
				require.Equal(t, http.MethodPost, got.Header.Get("Allow"))
			}
		})
	}
}

// TestLargeBodies: of 25 MB announced, of 25 MB that come in chunks, and of a
// gigabyte that is a megabyte on the wire.
func TestLargeBodies(t *testing.T) {
	r := webhooktest.Start(t, subject(), nil)
	header := signed(newRequest("orders/create", "1", "")).Header
	large := webhooktest.Request{Header: header, Body: bytes.Repeat([]byte("x"), 25<<20)}
	bomb := webhooktest.Request{Header: header, Body: bytes.Repeat(webhooktest.Gzip(t, make([]byte, 1<<20)), 1<<10)}.With("Content-Encoding", "gzip")
	require.Equal(t, http.StatusRequestEntityTooLarge, r.Exchange(t, large, int64(len(large.Body))))
	require.Equal(t, http.StatusRequestEntityTooLarge, r.Exchange(t, large, -1))
	require.Equal(t, http.StatusRequestEntityTooLarge, r.Exchange(t, bomb, int64(len(bomb.Body))))
	require.EqualValues(t, 3, r.Sum(t, "otelcol_webhook_rejected_requests"))
	require.Zero(t, r.Sink.LogRecordCount())

	t.Run("a body that ends early", func(t *testing.T) {
		q := signed(newRequest("orders/create", "2", orderBody))
		require.Equal(t, http.StatusBadRequest, r.Exchange(t, q, int64(len(q.Body)+10)))
	})
	t.Run("signed before it was compressed", func(t *testing.T) {
		q := signed(newRequest("orders/create", "3", orderBody))
		q.Header.Set("Content-Encoding", "gzip")
		q.Body = webhooktest.Gzip(t, q.Body)
		require.Equal(t, http.StatusOK, r.Exchange(t, q, int64(len(q.Body))))
	})
}
