// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// http2InClear attacks the port of Loki that speaks HTTP/2 without TLS, to whoever begins with
// it, and requires that no other port of HTTP does. Meanwhile everybody else is served.
func http2InClear(t *testing.T, w *world) {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	w.eachListener(t, func(t *testing.T, l listener) {
		t.Helper()
		ask := func(host string) (*http.Response, error) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.address()+l.path, http.NoBody)
			require.NoError(t, err)
			request.Host = host
			return transport.RoundTrip(request)
		}
		response, err := ask("localhost")
		if l.name != "Loki" {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, []any{"HTTP/2.0", http.StatusOK}, []any{response.Proto, response.StatusCode})
		for _, host := range foreignHosts {
			response, err := ask(host)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, http.StatusMisdirectedRequest, response.StatusCode, host)
		}
		floodInClear(t, w, l)
	})
}

// floodInClear holds streams on which nothing comes, and floods the port meanwhile. What waits
// for a body is told so in the end.
func floodInClear(t *testing.T, w *world, l listener) {
	t.Helper()
	port := http2Port{name: l.name, address: l.address(), method: "/loki/api/v1/push", contentType: "application/json"}
	slow, began := slowStreams(t, port), time.Now()
	for name, flood := range floods(floodOfUnansweredStreams) {
		t.Run(name, func(t *testing.T) { flood(t, port) })
		asked := time.Now()
		require.NoError(t, l.get(t.Context()))
		w.sendInOrder(t, w.programs[0])
		assert.Less(t, time.Since(asked), patience, "nobody waits for an attack")
	}
	for n, f := range slow {
		if n%3 == 2 {
			assert.Eventually(t, func() bool { return f.over.Load() > 0 || f.hasEnded() }, max(time.Second, time.Until(began.Add(cutOffWithin))), 10*time.Millisecond,
				"a body is waited for without end")
		}
	}
}
