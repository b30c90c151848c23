// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestBadBodies posts what is signed and yet no webhook. goleak looks after the
// goroutines of the package.
func TestBadBodies(t *testing.T) {
	r := start(t, testConfig(t), nil)
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
			r.sink.Reset()
			d := newDelivery("orders/create", name, test.body).signed(testSecret)
			got := r.exchange(t, d.header, int64(len(d.body)), d.body)
			require.Equal(t, test.code, got)
			if test.code != http.StatusOK {
				require.Zero(t, r.sink.LogRecordCount())
				return
			}
			require.Equal(t, 1, r.sink.LogRecordCount())
			requireValid(t, r.sink.AllLogs()[0])
		})
	}
	var lines int
	for _, entry := range r.log.All() {
		if strings.Contains(entry.Message, "could not be understood") {
			lines++
		}
	}
	require.Equal(t, 1, lines, "one line, however many are malformed")
}

// TestBadRequests is about what surrounds the body.
func TestBadRequests(t *testing.T) {
	r := start(t, testConfig(t), nil)
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
			r.sink.Reset()
			d := newDelivery("orders/create", name, orderBody).signed(testSecret)
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url, io.NopCloser(bytes.NewReader(d.body)))
			require.NoError(t, err)
			request.ContentLength = int64(len(d.body))
			request.Header = d.header
			test.change(request)
			got := r.do(t, request)
			require.Equal(t, test.code, got.code)
			require.Equal(t, test.code == http.StatusOK, r.sink.LogRecordCount() == 1)
			if test.code == http.StatusMethodNotAllowed {
				require.Equal(t, http.MethodPost, got.header.Get("Allow"))
			}
		})
	}
}

// TestLargeBodies: of 25 MB announced, of 25 MB that come in chunks, and of a
// gigabyte that is a megabyte on the wire.
func TestLargeBodies(t *testing.T) {
	r := start(t, testConfig(t), nil)
	large := bytes.Repeat([]byte("x"), 25<<20)
	bomb := bytes.Repeat(zip(t, make([]byte, 1<<20)), 1<<10)

	header := newDelivery("orders/create", "1", "").signed(testSecret).header
	zipped := header.Clone()
	zipped.Set("Content-Encoding", "gzip")
	require.Equal(t, http.StatusRequestEntityTooLarge, r.exchange(t, header, int64(len(large)), large))
	require.Equal(t, http.StatusRequestEntityTooLarge, r.exchange(t, header, -1, large))
	require.Equal(t, http.StatusRequestEntityTooLarge, r.exchange(t, zipped, int64(len(bomb)), bomb))
	require.EqualValues(t, 3, r.sum(t, "otelcol_webhook_rejected_requests"))
	require.Zero(t, r.sink.LogRecordCount())

	t.Run("a body that ends early", func(t *testing.T) {
		d := newDelivery("orders/create", "2", orderBody).signed(testSecret)
		require.Equal(t, http.StatusBadRequest, r.exchange(t, d.header, int64(len(d.body)+10), d.body))
	})
	t.Run("signed before it was compressed", func(t *testing.T) {
		d := newDelivery("orders/create", "3", orderBody).signed(testSecret)
		d.header.Set("Content-Encoding", "gzip")
		small := zip(t, d.body)
		require.Equal(t, http.StatusOK, r.exchange(t, d.header, int64(len(small)), small))
	})
}

func zip(t *testing.T, text []byte) []byte {
	t.Helper()
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, err := writer.Write(text)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return zipped.Bytes()
}

// exchange posts with a length that may be wrong, and reads the answer while it is
// still writing, as whoever is turned away early has to. A negative length stands
// for chunks.
func (r *running) exchange(t *testing.T, header http.Header, length int64, body []byte) (code int) {
	t.Helper()
	address, err := url.Parse(r.url)
	require.NoError(t, err)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address.Host)
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))

	var head bytes.Buffer
	fmt.Fprintf(&head, "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", address.Path, address.Host)
	require.NoError(t, header.Write(&head))
	written := make(chan struct{})
	go func() {
		defer close(written)
		// What is written may be cut off; the answer tells.
		if length < 0 {
			fmt.Fprint(&head, "Transfer-Encoding: chunked\r\n\r\n")
			_, _ = conn.Write(head.Bytes())
			chunks := httputil.NewChunkedWriter(conn)
			_, _ = chunks.Write(body)
			_ = chunks.Close()
			_, _ = conn.Write([]byte("\r\n"))
			return
		}
		fmt.Fprintf(&head, "Content-Length: %d\r\n\r\n", length)
		_, _ = conn.Write(head.Bytes())
		_, _ = conn.Write(body)
		if length > int64(len(body)) {
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.NoError(t, conn.Close())
	<-written
	return response.StatusCode
}
