// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// gate stands between the collector and Loki. It may answer pushes in Loki's place; what
// Loki is asked gets through.
type gate struct {
	url    string
	answer atomic.Int64
}

func newGate(t *testing.T, loki string) *gate {
	t.Helper()
	target, err := url.Parse(loki)
	require.NoError(t, err)
	g := &gate{}
	pass := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer := int(g.answer.Load()); answer != 0 && strings.HasSuffix(r.URL.Path, "/v1/logs") {
			http.Error(w, "the gate of the test", answer)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}
