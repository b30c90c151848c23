// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
)

func status(t *testing.T, api http.Handler, target string) int {
	t.Helper()
	recorder := httptest.NewRecorder()
	api.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, target, http.NoBody))
	return recorder.Code
}

// parsed reads an export as a program would.
func parsed(t *testing.T, body []byte) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(string(body), "\uFEFF")
	require.True(t, marked)
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return lines
}

func TestAnExportHasWhatThePageShows(t *testing.T) {
	log := week()
	api := newAPI(t, log)
	for _, query := range []string{"", "product=salesforce&status=error", "q=jira&last=24h", "product=none"} {
		want := all(t, log, query)

		answer, body := get(t, api, "export?format=csv&"+query)
		assert.Equal(t, "text/csv; charset=utf-8; header=present", answer.Header.Get("Content-Type"))
		assert.Contains(t, answer.Header.Get("Content-Disposition"), `attachment; filename="integration-log_`)
		lines := parsed(t, body)
		require.Len(t, lines, 1+len(want), query)
		assert.Equal(t, columns, lines[0])
		for i, a := range want {
			assert.Equal(t, a.Time.UTC().Format(time.RFC3339Nano), lines[i+1][0])
			assert.Equal(t, a.Description, lines[i+1][3])
		}

		answer, body = get(t, api, "export?format=jsonl&"+query)
		assert.Equal(t, "application/jsonl", answer.Header.Get("Content-Type"))
		decoder := json.NewDecoder(strings.NewReader(string(body)))
		for _, a := range want {
			var got activity
			require.NoError(t, decoder.Decode(&got))
			assert.Equal(t, newActivity(a, time.UTC), got)
		}
		assert.False(t, decoder.More(), query)
	}
	answer, _ := get(t, api, "export?format=csv&start=2026-11-26T00:00:00%2B01:00&end=2026-11-27T08:30:00Z")
	assert.Equal(t, `attachment; filename="integration-log_20261125T2300Z_20261127T0830Z.csv"`, answer.Header.Get("Content-Disposition"))
}

func TestCellsAreHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"":                               "",
		"plain, \"quoted\"":              "plain, \"quoted\"",
		"=1+1":                           "'=1+1",
		"+33 6 12":                       "'+33 6 12",
		"-5":                             "'-5",
		"@SUM(A1)":                       "'@SUM(A1)",
		"\t=1":                           "'\t'=1",
		"\rx":                            "␍x",
		"\nx":                            "'\nx",
		"＝1+1":                           "'＝1+1",
		" =1":                            " '=1",
		"\"=1":                           "\"'=1",
		"a;=1":                           "a;'=1",
		"a; \"=1":                        "a; \"'=1",
		"a\r\n=1":                        "a\n'=1",
		"a\t@x":                          "a\t'@x",
		"\u00a0\x00=1":                   "\u00a0␀=1",
		"\u202Egpj.exe\u2069\x1b[31m":    "\uFFFDgpj.exe\uFFFD␛[31m",
		"\u200F=1":                       "\uFFFD=1",
		"عربي 👨\u200d👩":                  "عربي 👨\u200d👩",
		"a=1 b-2, -3":                    "a=1 b-2, -3",
		"'=1":                            "'=1",
		"bad \xff":                       "bad \uFFFD",
		"=HYPERLINK(\"http://x\",\"y\")": "'=HYPERLINK(\"http://x\",\"y\")",
	} {
		assert.Equal(t, want, harmless(cell), "%q", cell)
	}
}

func FuzzCells(f *testing.F) {
	for _, seed := range []string{"=1+1", "a;\"=cmd|' /C calc'!A0", "\t-1", "x\r\n@y", "'=", "\ufeff=1", "ok"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		var line strings.Builder
		require.NoError(t, writeCSV(&line, activity{Description: cell}))
		reader := csv.NewReader(strings.NewReader(line.String()))
		read, err := reader.Read()
		require.NoError(t, err)
		require.Len(t, read, len(columns))
		require.Equal(t, harmless(cell), read[3])
		for part := range strings.FieldsFuncSeq(harmless(cell), func(r rune) bool { return r == ';' || isBreak(r) }) {
			if part = strings.TrimLeft(part, " \""); part != "" {
				first, _, _ := strings.Cut(part, part[1:])
				require.False(t, strings.ContainsAny(first, "=+-@"), "%q", part)
			}
		}
		strip := func(s string) string { return strings.ReplaceAll(s, "'", "") }
		require.Equal(t, strip(inert.Text(cell)), strip(harmless(cell)), "nothing but apostrophes is added")
	})
}

// stream is a log whose export the test determines.
type stream struct {
	*activitiestest.Log
	all func(context.Context, func(activities.Activity, error) bool)
}

func (s stream) All(ctx context.Context, _ activities.Filter) iter.Seq2[activities.Activity, error] {
	return func(yield func(activities.Activity, error) bool) { s.all(ctx, yield) }
}

var anActivity = activities.Activity{Time: now, Product: "zis", Status: "info", Description: strings.Repeat("d", 1000)}

// serve serves an API over a real connection, which can break.
func serve(t *testing.T, api http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	t.Cleanup(server.Client().CloseIdleConnections)
	return server
}

func fetch(t *testing.T, server *httptest.Server, target string) (*http.Response, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+Prefix+target, http.NoBody)
	require.NoError(t, err)
	return server.Client().Do(request)
}

func TestABrokenExportDoesNotLookWhole(t *testing.T) {
	for name, activitiesBefore := range map[string]int{"at once": 1, "after some": 1000} {
		t.Run(name, func(t *testing.T) {
			log := stream{week(), func(_ context.Context, yield func(activities.Activity, error) bool) {
				for range activitiesBefore {
					if !yield(anActivity, nil) {
						return
					}
				}
				yield(activities.Activity{}, &activities.UnavailableError{Reason: activities.Unreachable, Err: errors.New("gone")})
			}}
			for _, format := range []string{"csv", "jsonl"} {
				answer, err := fetch(t, serve(t, newAPI(t, log)), "export?format="+format)
				if err == nil {
					_, err = io.Copy(io.Discard, answer.Body)
					require.NoError(t, answer.Body.Close())
				}
				require.Error(t, err)
			}
		})
	}
}

func TestAnExportHoldsLittleAndEndsWithItsReader(t *testing.T) {
	var read atomic.Int64
	ended := make(chan struct{})
	log := stream{week(), func(_ context.Context, yield func(activities.Activity, error) bool) {
		defer close(ended)
		for yield(anActivity, nil) {
			read.Add(1)
		}
	}}
	answer, err := fetch(t, serve(t, newAPI(t, log)), "export?format=jsonl")
	require.NoError(t, err)
	_, err = bufio.NewReader(answer.Body).ReadString('\n')
	require.NoError(t, err)
	last := int64(-1)
	require.Eventually(t, func() bool {
		before := last
		last = read.Load()
		return last == before
	}, 10*time.Second, 200*time.Millisecond, "nothing is read while nobody takes it")
	assert.Less(t, last*int64(len(anActivity.Description)), int64(32<<20), "what the sockets take")

	require.NoError(t, answer.Body.Close())
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the log is still read")
	}
}

func TestAnExportOfAProgramThatEndsIsBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	begun := make(chan struct{})
	log := stream{week(), func(ctx context.Context, yield func(activities.Activity, error) bool) {
		for range 200 {
			yield(anActivity, nil)
		}
		close(begun)
		<-ctx.Done()
		yield(activities.Activity{}, ctx.Err())
	}}
	api := newAPI(t, log)
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { api.ServeHTTP(w, r.WithContext(ctx)) }))
	answer, err := fetch(t, server, "export?format=csv")
	require.NoError(t, err)
	<-begun
	cancel()
	_, err = io.Copy(io.Discard, answer.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, answer.Body.Close())
}

func TestExportsAreBounded(t *testing.T) {
	release := make(chan struct{})
	log := stream{week(), func(_ context.Context, yield func(activities.Activity, error) bool) {
		<-release
		yield(anActivity, nil)
	}}
	api := newAPI(t, log)
	done := make(chan int, maxExports)
	for range maxExports {
		go func() { done <- status(t, api, Prefix+"export?format=csv") }()
	}
	require.Eventually(t, func() bool { return len(api.exports) == maxExports }, 10*time.Second, time.Millisecond)
	answer, body := get(t, api, "export?format=csv")
	assert.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
	assert.NotEmpty(t, answer.Header.Get("Retry-After"))
	assert.Contains(t, string(body), "4 exports")
	assert.Equal(t, http.StatusBadRequest, status(t, api, Prefix+"export?format=xlsx"), "a mistake needs no turn")
	close(release)
	for range maxExports {
		assert.Equal(t, http.StatusOK, <-done)
	}
	assert.Equal(t, http.StatusOK, status(t, api, Prefix+"export?format=csv"))
}

func TestAnExportNeedsAConnectionThatTellsItsEnd(t *testing.T) {
	request := httptest.NewRequest(http.MethodGet, Prefix+"export?format=csv", http.NoBody)
	request.Proto, request.ProtoMajor, request.ProtoMinor = "HTTP/1.0", 1, 0
	recorder := httptest.NewRecorder()
	newAPI(t, week()).ServeHTTP(recorder, request)
	assert.Equal(t, http.StatusHTTPVersionNotSupported, recorder.Code)
	assert.Contains(t, recorder.Body.String(), "proxy_http_version")
}

func TestHeadOfAnExport(t *testing.T) {
	recorder := httptest.NewRecorder()
	newAPI(t, week()).ServeHTTP(recorder, httptest.NewRequest(http.MethodHead, Prefix+"export?format=jsonl", http.NoBody))
	assert.Equal(t, http.StatusOK, recorder.Code)
	assert.Equal(t, "application/jsonl", recorder.Header().Get("Content-Type"))
	assert.Empty(t, recorder.Body.String(), "nothing more is read than the first")
}

func BenchmarkExport(b *testing.B) {
	for _, format := range slices.Sorted(slices.Values([]string{"csv", "jsonl"})) {
		b.Run(format, func(b *testing.B) {
			few := activitiestest.Week(now)[0]
			few.Attributes = map[string]string{"product": "shopify", "status": "info", "activity_id": "1"}
			one := newActivity(few, time.UTC)
			b.ReportAllocs()
			for b.Loop() {
				if err := formats[format].write(io.Discard, one); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
