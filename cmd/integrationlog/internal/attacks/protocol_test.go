// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// malformedRequests are nothing that HTTP knows, or nothing that a listener here is for.
func malformedRequests(t *testing.T, w *world) {
	t.Helper()
	const prefaceOfHTTP2 = "a preface of HTTP/2"
	requests := map[string]string{
		"nothing":                 "",
		"noise":                   "\x00\x01\x02\xff\xfe\r\n\r\n",
		"a handshake of TLS":      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 500),
		"no version":              "GET /\r\n\r\n",
		"another version":         "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
		prefaceOfHTTP2:            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"a null byte in a header": "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\x00b\r\n\r\n",
		"a newline in a name":     "GET / HTTP/1.1\r\nHost: localhost\r\nX\nA: b\r\n\r\n",
		"a space before a colon":  "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n\r\nhello",
		"a space in the host":     "GET / HTTP/1.1\r\nHost: local host\r\n\r\n",
		"two hosts":               "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
		"no host":                 "GET / HTTP/1.1\r\n\r\n",
		"a negative length":       "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
		"an endless length":       "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999999\r\n\r\n",
		"a way through":           "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n",
	}
	w.eachListener(t, func(t *testing.T, l listener) {
		t.Helper()
		for name, request := range requests {
			if request == "" {
				require.NoError(t, connect(t, l.address()).Close())
				continue
			}
			answers := exchangeAll(t, l.address(), request)
			if l.name != "Loki" || name != prefaceOfHTTP2 { // Loki speaks it, and none of its answers is HTTP/1
				assert.NotEmpty(t, answers, name)
			}
			for _, answer := range answers {
				assert.GreaterOrEqual(t, answer.status, 400, name)
			}
		}
		// Those that only read have no other method, and nothing has TRACE.
		for _, method := range []string{"TRACE", "PUT", "DELETE", "PATCH", "GeT"} {
			answers := exchange(t, l.address(), method+" "+strings.TrimSuffix(l.path, "/")+"/nowhere HTTP/1.1\r\nHost: localhost\r\nX-Secret: canary\r\nConnection: close\r\n\r\n")
			assert.NotEmpty(t, answers, method)
			for _, answer := range answers {
				assert.NotContains(t, answer.body, "canary", method)
				if l.name != "health" { // it says how it is, whatever it is asked
					assert.GreaterOrEqual(t, answer.status, 400, method)
				}
			}
		}
	})
}

// headerFloods are more headers, or larger ones, than anybody needs.
func headerFloods(t *testing.T, w *world) {
	t.Helper()
	const begin = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	var many strings.Builder
	for n := range 200_000 {
		fmt.Fprintf(&many, "X-%d: 1\r\n", n)
	}
	requests := map[string]string{
		"a large one":     begin + "X-A: " + strings.Repeat("a", 4*mib) + "\r\n\r\n",
		"a large name":    begin + strings.Repeat("a", 4*mib) + ": 1\r\n\r\n",
		"many":            begin + many.String() + "\r\n",
		"a large address": "GET /" + strings.Repeat("a", 4*mib) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"large cookies":   begin + "Cookie: " + strings.Repeat("a=b; ", mib) + "\r\n\r\n",
	}
	w.eachListener(t, func(t *testing.T, l listener) {
		t.Helper()
		for name, request := range requests {
			answers := exchange(t, l.address(), request)
			assert.NotEmpty(t, answers, name)
			for _, answer := range answers {
				assert.Contains(t, []int{http.StatusRequestHeaderFieldsTooLarge, http.StatusRequestURITooLong}, answer.status, name)
			}
		}
		require.NoError(t, l.get(t.Context()), "it still answers")
	})
}

// eachListener runs a test against each listener of each program that speaks HTTP.
func (w *world) eachListener(t *testing.T, attack func(t *testing.T, l listener)) {
	t.Helper()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		for _, l := range p.listeners() {
			t.Run(l.name, func(t *testing.T) { attack(t, l) })
		}
	})
}
