// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

func filterOfDay() activities.Filter {
	return activities.Filter{Start: time.Now().Add(-24 * time.Hour)}
}

func pageOf(t *testing.T, reader *Reader) (activities.Page, error) {
	t.Helper()
	return reader.Page(t.Context(), filterOfDay(), activities.Slice{Limit: 50})
}

func TestAddressOfLoki(t *testing.T) {
	for _, address := range []string{"", "localhost:3100", "ftp://loki", "http://", "http://%", "http://user:secret@loki", "http://loki?x=secret", "http://loki#x"} {
		_, err := New(http.DefaultClient, address)
		require.Error(t, err, address)
		require.NotContains(t, err.Error(), "secret")
	}
	for _, address := range []string{"http://localhost:3100", "https://loki.example.com/path/"} {
		_, err := New(http.DefaultClient, address)
		require.NoError(t, err, address)
	}
}

func TestReasons(t *testing.T) {
	long := strings.Repeat("é", 5000)
	for name, c := range map[string]struct {
		status            int
		kind, body        string
		want              activities.Reason
		contains, without string
	}{
		"limit":                     {400, "text/plain; charset=utf-8", "max_query_bytes_read exceeded\n", activities.Refused, "400 Bad Request: max_query_bytes_read exceeded", "\n"},
		"no tenant":                 {401, "text/plain", "no org id", activities.Refused, "no org id", ""},
		"forbidden by a proxy":      {403, "text/html", "<h1>go away</h1>", activities.Refused, "403 Forbidden", "go away"},
		"not there":                 {404, "text/plain", "404 page not found", activities.Refused, "404", ""},
		"gateway's JSON":            {400, "application/json", `{"status":"error","message":"too\tmany"}`, activities.Refused, "too many", `"`},
		"busy":                      {429, "text/plain", "too many outstanding requests", activities.TooSlow, "too many outstanding requests", ""},
		"cancelled":                 {499, "text/plain", "the request was cancelled by the client", activities.TooSlow, "499", ""},
		"in time":                   {504, "text/plain", "request timed out", activities.TooSlow, "request timed out", ""},
		"in time, otherwise":        {500, "text/plain", "rpc error: context deadline exceeded", activities.TooSlow, "deadline", ""},
		"broken":                    {500, "text/plain", "panic", activities.Refused, "panic", ""},
		"not ready":                 {503, "text/plain", "Ingester not ready", activities.Unreachable, "not ready", ""},
		"proxy without Loki":        {502, "text/html", "<h1>", activities.Unreachable, "502 Bad Gateway", "<"},
		"long":                      {400, "text/plain", long, activities.Refused, "ééé", ""},
		"what is no UTF-8":          {400, "text/plain", "a\xff\x00b", activities.Refused, "a\uFFFD b", "\x00"},
		"another kind of text":      {400, "", "secret", activities.Refused, "400 Bad Request", "secret"},
		"no Loki":                   {200, "text/html", "<h1>Log in</h1>", activities.Refused, "not by Loki", ""},
		"an error with 200":         {200, "application/json", `{"status":"error","data":{}}`, activities.Refused, "not by Loki", ""},
		"another kind of answer":    {200, "application/json", `{"status":"success","data":{"resultType":"matrix","result":[]}}`, activities.Refused, "matrix", ""},
		"an entry without a line":   {200, "application/json", `{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[["1"]]}]}}`, activities.Refused, "not by Loki", ""},
		"an entry without a number": {200, "application/json", `{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[["x","y"]]}]}}`, activities.Refused, "not by Loki", ""},
		"a part":                    {200, "application/json", `{"status":"success","warnings":["returning partial results"],"data":{"resultType":"streams","result":[]}}`, activities.Refused, "partial", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{refuse: func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header()["Content-Type"] = []string{c.kind}
				w.WriteHeader(c.status)
				_, err := w.Write([]byte(c.body))
				return err == nil
			}}
			_, err := pageOf(t, f.reader(t))
			var unavailable *activities.UnavailableError
			require.ErrorAs(t, err, &unavailable)
			assert.Equal(t, c.want, unavailable.Reason)
			assert.Contains(t, err.Error(), c.contains)
			assert.Less(t, len(err.Error()), 600)
			if c.without != "" {
				assert.NotContains(t, err.Error(), c.without)
			}
		})
	}
}

func TestAwayAndSlow(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	reader, err := New(&http.Client{}, server.URL)
	require.NoError(t, err)
	_, err = pageOf(t, reader)
	var unavailable *activities.UnavailableError
	require.ErrorAs(t, err, &unavailable)
	assert.Equal(t, activities.Unreachable, unavailable.Reason)
	assert.NotContains(t, err.Error(), "query_range")

	hang := &fake{refuse: func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}}
	reader = hang.reader(t)
	reader.client.http.Timeout = 50 * time.Millisecond
	_, err = pageOf(t, reader)
	require.ErrorAs(t, err, &unavailable)
	assert.Equal(t, activities.TooSlow, unavailable.Reason)

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = reader.Page(ctx, filterOfDay(), activities.Slice{Limit: 50})
	require.ErrorAs(t, err, &unavailable)
	assert.Equal(t, activities.TooSlow, unavailable.Reason)

	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	_, err = reader.Page(ctx, filterOfDay(), activities.Slice{Limit: 50})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAskedAgainWhileLokiIsBusy(t *testing.T) {
	busy := 2
	f := &fake{entries: fakeEntries(3), refuse: func(w http.ResponseWriter, _ *http.Request) bool {
		busy--
		return busy >= 0 && words(w, http.StatusTooManyRequests, "too many outstanding requests")
	}}
	page, err := pageOf(t, f.reader(t))
	require.NoError(t, err)
	assert.Len(t, page.Activities, 3)
	assert.Len(t, f.requests, 3)
}
