// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answers returns a handler that answers like a proxy.
func answers(code int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		if code >= 300 && code < 400 {
			w.Header().Set("Location", "/login")
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// reset breaks the connection so that the client sees a reset.
func reset(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

// hang answers nothing until the client gives up.
func hang(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
}

// half breaks off in the middle of an answer.
func half(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(code)
		_, _ = w.Write([]byte("half"))
		_ = http.NewResponseController(w).Flush()
		reset(w, r)
	}
}

const page = "<!DOCTYPE html><html><body>Please log in</body></html>"

// transient are the faults that must cost nothing.
func transient() map[string]fault {
	faults := map[string]fault{
		"200 with a page":                {false, answers(200, "text/html; charset=utf-8", page)},
		"200 with a page and no type":    {false, answers(200, "", page)},
		"200 with a text":                {false, answers(200, "text/plain", "It works!")},
		"200 with another JSON":          {false, answers(200, "application/json", `{"error":"login"}`)},
		"202 without a word":             {false, answers(202, "", "")},
		"260 of a blocked Loki":          {false, answers(260, "text/plain", "ingestion blocked")},
		"301":                            {false, answers(301, "text/html", page)},
		"302":                            {false, answers(302, "text/html", page)},
		"307":                            {false, answers(307, "text/html", page)},
		"308":                            {false, answers(308, "text/html", page)},
		"400 with a page":                {false, answers(400, "text/html", page)},
		"a reset":                        {false, reset},
		"a reset after storing":          {true, reset},
		"a timeout":                      {false, hang},
		"a timeout after storing":        {true, hang},
		"half a 200 after storing":       {true, half(200)},
		"half a 503 after storing":       {true, half(503)},
		"half a 200":                     {false, half(200)},
		"429 of a limit of one stream":   {true, answers(429, "text/plain", "stream limit")},
		"a page after storing":           {true, answers(200, "text/html", page)},
		"503 of a proxy after storing":   {true, answers(503, "text/html", page)},
		"500 of a proxy after storing":   {true, answers(500, "text/html", page)},
		"504 of a gateway that waited":   {true, answers(504, "text/html", page)},
		"502 of a connection that broke": {true, answers(502, "text/html", page)},
	}
	for _, code := range []int{401, 402, 403, 404, 405, 407, 408, 410, 413, 418, 421, 425, 429, 431, 451, 500, 501, 502, 503, 504, 507, 511, 520, 524} {
		faults[fmt.Sprint(code)] = fault{false, answers(code, "text/plain", "not now")}
	}
	return faults
}

// Whatever is in the way for a while: all records are stored, each once.
func TestFaultsCostNothing(t *testing.T) {
	t.Parallel()
	for name, f := range transient() {
		for mode, queue := range map[string]map[string]any{"without a queue": noQueue, "with a queue": inMemory} {
			t.Run(name+" "+mode, func(t *testing.T) {
				t.Parallel()
				const senders, each, faulty = 4, 25, 6
				loki := newFakeLoki(t)
				loki.onPush = func(n int) *fault {
					if n < faulty {
						return &f
					}
					return nil
				}
				settings := map[string]any{"timeout": "150ms"}
				maps.Copy(settings, queue)
				p := start(t, loki, options{exporter: settings})

				var all []entry
				var wait sync.WaitGroup
				for s := range senders {
					// old and young ones, in one push and in others
					mine := entries(fmt.Sprint("old-", s), each, beforeThisProcess())
					mine = append(mine, entries(fmt.Sprint("young-", s), each, afterItsStart())...)
					all = append(all, mine...)
					wait.Go(func() {
						assert.NoError(t, p.ConsumeLogs(t.Context(), logsOf(mine...)))
					})
				}
				wait.Wait()
				loki.hasOnce(t, all)
				p.stop()
				loki.hasOnce(t, all)
				assert.Empty(t, inDeadLetters(t, p.deadLetters))
				assert.GreaterOrEqual(t, p.counted(t, "transient_answers")+int64(btoi(!hasAnswer(name))), int64(1))
				assert.Zero(t, p.counted(t, "unverified_records"))
			})
		}
	}
}

// hasAnswer tells whether there is a status code to count.
func hasAnswer(name string) bool {
	switch name {
	case "a reset", "a reset after storing", "a timeout", "a timeout after storing":
		return false
	default:
		return true
	}
}

// A Retry-After is obeyed, as the exporter does with Loki's own.
func TestRetryAfterIsPassedOn(t *testing.T) {
	var mu sync.Mutex
	var times []time.Time
	loki := newFakeLoki(t)
	loki.onPush = func(n int) *fault {
		mu.Lock()
		defer mu.Unlock()
		times = append(times, time.Now())
		if n > 0 {
			return nil
		}
		return &fault{answer: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "1")
			answers(500, "text/plain", "later")(w, r)
		}}
	}
	p := start(t, loki, options{exporter: noQueue})
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(entries("one", 1, afterItsStart())...)))
	require.Len(t, times, 2)
	assert.GreaterOrEqual(t, times[1].Sub(times[0]), time.Second)
}

// An OTLP endpoint before Loki may answer 200 in OTLP's own way.
func TestAnOTLPAnswerIsSuccess(t *testing.T) {
	for name, a := range map[string]struct {
		encoding, contentType, body string
	}{
		"protobuf":            {"proto", "application/x-protobuf", ""},
		"JSON":                {"json", "application/json", "{}"},
		"JSON with a success": {"json", "application/json; charset=utf-8", `{"partialSuccess":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			loki := newFakeLoki(t)
			loki.onPush = func(int) *fault { return &fault{true, answers(200, a.contentType, a.body)} }
			p := start(t, loki, options{exporter: map[string]any{
				"encoding": a.encoding, "sending_queue": map[string]any{"enabled": false},
			}})
			all := entries("one", 10, afterItsStart())
			require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
			assert.Equal(t, 1, loki.pushed())
			loki.hasOnce(t, all)
		})
	}
}
