// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const secret = "canary-secret"

// endpoint is a token endpoint that answers as it is told.
type endpoint struct {
	*httptest.Server
	mu       sync.Mutex
	requests []map[string]string
	types    []string
	answer   func(w http.ResponseWriter, n int)
}

func newEndpoint(t *testing.T, answer func(w http.ResponseWriter, n int)) *endpoint {
	t.Helper()
	e := &endpoint{answer: answer}
	e.Server = httptest.NewServer(http.HandlerFunc(e.serve))
	t.Cleanup(func() {
		e.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return e
}

func (e *endpoint) serve(w http.ResponseWriter, r *http.Request) {
	fields := map[string]string{}
	if r.Header.Get("Content-Type") == "application/json" {
		content, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(content, &fields)
	} else {
		_ = r.ParseForm()
		for name := range r.PostForm {
			fields[name] = r.PostForm.Get(name)
		}
	}
	e.mu.Lock()
	e.requests = append(e.requests, fields)
	e.types = append(e.types, r.Header.Get("Content-Type"))
	n := len(e.requests)
	e.mu.Unlock()
	e.answer(w, n)
}

func (e *endpoint) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.requests)
}

func (e *endpoint) request(n int) map[string]string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.requests[n]
}

func (e *endpoint) settings() Settings { return Settings{TokenURL: e.URL + "/oauth/tokens"} }

func reply(w http.ResponseWriter, code int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, body)
}

func client(t *testing.T, settings Settings) *Source {
	t.Helper()
	source, err := NewClientCredentials(settings, ClientCredentials{ClientID: "log", ClientSecret: secret, Scopes: []string{"webhooks:read", "read"}, JSON: true})
	require.NoError(t, err)
	return source
}

func inAnHour() time.Time { return time.Now().Add(time.Hour) }
