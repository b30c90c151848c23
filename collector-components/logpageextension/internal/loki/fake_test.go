// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fake answers with entries of one stream, newest first, whatever is asked for. What a
// real Loki answers is tested beside one, in the module that has it.
type fake struct {
	entries []fakeEntry
	// refuse answers a request instead, if it returns true.
	refuse   func(w http.ResponseWriter, r *http.Request) bool
	requests []http.Request
}

type fakeEntry struct {
	time int64
	line string
}

// reader returns a reader of the fake.
func (f *fake) reader(t *testing.T) *Reader {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	client := server.Client()
	client.Timeout = 10 * time.Second
	reader, err := New(client, server.URL+"/base")
	require.NoError(t, err)
	return reader
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.requests = append(f.requests, *r)
	if f.refuse != nil && f.refuse(w, r) {
		return
	}
	start, end, limit := number(r, "start"), number(r, "end"), int(number(r, "limit"))
	values := [][]any{}
	for _, entry := range f.entries {
		if entry.time >= start && entry.time < end {
			values = append(values, []any{strconv.FormatInt(entry.time, 10), entry.line, map[string]any{"structuredMetadata": map[string]string{"activity_id": entry.line[:1]}}})
		}
	}
	if r.FormValue("direction") == "forward" {
		slices.Reverse(values)
	}
	values = values[:min(limit, len(values))]
	answer := map[string]any{"status": "success", "data": map[string]any{"resultType": "streams", "result": []any{
		map[string]any{"stream": map[string]string{"product": "zis"}, "values": values},
	}}}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(err)
	}
}

func number(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.FormValue(name), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// fakeEntries are so many, a minute apart, the newest first.
func fakeEntries(n int) []fakeEntry {
	entries := make([]fakeEntry, n)
	newest := time.Now().Add(-time.Minute)
	for i := range entries {
		entries[i] = fakeEntry{time: newest.Add(-time.Duration(i) * time.Minute).UnixNano(), line: strings.Repeat("x", 10) + strconv.Itoa(i)}
	}
	return entries
}

// words answers as Loki does when it refuses.
func words(w http.ResponseWriter, status int, format string, args ...any) bool {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, err := fmt.Fprintf(w, format, args...)
	return err == nil
}

func TestRequests(t *testing.T) {
	f := &fake{entries: fakeEntries(3)}
	reader := f.reader(t)
	found, err := reader.collect(t.Context(), queryOf(filterOfDay()), span{0, time.Now().UnixNano()}, backward, nil, 2)
	require.NoError(t, err)
	require.Len(t, found, 2)
	request := f.requests[0]
	assert.Equal(t, "/base/loki/api/v1/query_range", request.URL.Path)
	assert.Equal(t, "no-cache", request.Header.Get("Cache-Control"))
	assert.Equal(t, http.MethodPost, request.Method)
	assert.Empty(t, request.URL.RawQuery)
}
