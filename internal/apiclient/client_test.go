// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apiclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/integrationlog/integrationlog/internal/oauth"
)

// tokens are numbered, and renewed each time one is refused.
type tokens struct {
	n   atomic.Int64
	err atomic.Pointer[error]
}

func (s *tokens) Token(context.Context) (oauth.Token, error) {
	if err := s.err.Load(); err != nil {
		return oauth.Token{}, *err
	}
	return oauth.NewBearer(configopaque.String(fmt.Sprint("canary-", s.n.Load())), time.Time{}, nil), nil
}

func (s *tokens) Invalidate(oauth.Token) { s.n.Add(1) }

func start(t *testing.T, handler http.HandlerFunc) (*Client, *tokens, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(handler)
	source := &tokens{}
	c, err := New(Settings{BaseURL: server.URL, Tokens: source, UserAgent: "test/1"})
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Close()
		server.Close()
	})
	return c, source, server
}

func TestDo(t *testing.T) {
	c, _, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "Bearer canary-0", r.Header.Get("Authorization"))
		assert.Equal(t, "test/1", r.Header.Get("User-Agent"))
		assert.Equal(t, "application/json", r.Header.Get("Accept"))
		assert.Equal(t, "x", r.Header.Get("X-More"))
		assert.Equal(t, "/a%2Fb/c", r.URL.EscapedPath())
		assert.Equal(t, url.Values{"page[after]": {"x y"}, "z": {"1"}}, r.URL.Query())
		content, _ := io.ReadAll(r.Body)
		assert.Equal(t, http.MethodPost+" body", r.Method+" "+string(content))
		w.Header().Set("X-Rate-Limit", "100")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "answer")
	})
	response, err := c.Do(t.Context(), Request{
		Method: http.MethodPost, Path: "/a%2Fb/c?z=1", Query: url.Values{"page[after]": {"x y"}}, Header: http.Header{"x-more": {"x"}}, Body: []byte("body"),
	})
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusCreated, response.Code)
	assert.Equal(t, "100", response.Header.Get("X-Rate-Limit"))
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "answer", string(content))
}

func TestNew(t *testing.T) {
	_, err := New(Settings{BaseURL: "http://acme.zendesk.com", Tokens: &tokens{}})
	require.ErrorContains(t, err, "endpoint: ")
	_, err = New(Settings{BaseURL: "https://acme.zendesk.com"})
	require.ErrorContains(t, err, "credentials")
}

// Credentials go to the configured host and nowhere else, whatever a link says.
func TestNoOtherHost(t *testing.T) {
	var foreign atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { foreign.Add(1) }))
	defer elsewhere.Close()
	var own atomic.Int64
	c, _, server := start(t, func(http.ResponseWriter, *http.Request) { own.Add(1) })

	host := strings.TrimPrefix(server.URL, "http://")
	for _, path := range []string{
		elsewhere.URL + "/api", "//" + strings.TrimPrefix(elsewhere.URL, "http://") + "/api", "https://" + host + "/api", "http://me:pw@" + host + "/api",
		"ftp://" + host, "http:" + host, "mailto:a@b", "http://127.0.0.1.evil.example/", "//@" + host + "/api", "http:///api",
	} {
		_, err := c.Do(t.Context(), Request{Path: path})
		var refused *ForeignError
		require.ErrorAs(t, err, &refused, path)
		assert.NotContains(t, err.Error(), "pw@")
	}
	for _, path := range []string{"", "api", "?x=1", "\\\\evil.example/api", "/a\x00b", "%zz"} {
		_, err := c.Do(t.Context(), Request{Path: path})
		require.Error(t, err, path)
	}
	assert.Zero(t, own.Load())
	assert.Zero(t, foreign.Load())

	response, err := c.Do(t.Context(), Request{Path: server.URL + "/api?page[after]=x"})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.EqualValues(t, 1, own.Load())
}

func TestNoRedirect(t *testing.T) {
	var foreign atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { foreign.Add(1) }))
	defer elsewhere.Close()
	var own atomic.Int64
	c, _, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		own.Add(1)
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	})
	for _, to := range []string{elsewhere.URL, "/elsewhere"} {
		_, err := c.Do(t.Context(), Request{Path: "/api", Query: url.Values{"to": {to}}})
		var status *StatusError
		require.ErrorAs(t, err, &status)
		assert.Equal(t, http.StatusFound, status.Code)
	}
	assert.EqualValues(t, 2, own.Load())
	assert.Zero(t, foreign.Load())
}

func TestUnauthorized(t *testing.T) {
	var requests, accepted atomic.Int64
	accepted.Store(1)
	c, source, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		content, _ := io.ReadAll(r.Body)
		assert.Equal(t, "body", string(content), "the repetition has it too")
		if r.Header.Get("Authorization") != fmt.Sprint("Bearer canary-", accepted.Load()) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	request := Request{Method: http.MethodPost, Path: "/api", Body: []byte("body")}
	response, err := c.Do(t.Context(), request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.EqualValues(t, 2, requests.Load())

	accepted.Store(-1)
	requests.Store(0)
	_, err = c.Do(t.Context(), request)
	var status *StatusError
	require.ErrorAs(t, err, &status)
	assert.Equal(t, http.StatusUnauthorized, status.Code)
	assert.Equal(t, "authorization", status.Reason())
	assert.EqualValues(t, 2, requests.Load(), "repeated once, and never more")

	gone := errors.New("no token")
	source.err.Store(&gone)
	_, err = c.Do(t.Context(), request)
	require.ErrorIs(t, err, gone)
	assert.EqualValues(t, 2, requests.Load())
}

// A token that nobody renews is not tried twice.
func TestUnauthorizedForGood(t *testing.T) {
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	c, err := New(Settings{BaseURL: server.URL, Tokens: oauth.NewBasic("a", "b")})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Do(t.Context(), Request{Path: "/api"})
	require.Error(t, err)
	assert.EqualValues(t, 1, requests.Load())
}

func TestStatusError(t *testing.T) {
	c, _, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.Header().Set("X-Rate-Limit-Remaining", "0")
		var code int
		_, _ = fmt.Sscan(r.URL.Query().Get("code"), &code)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, strings.Repeat("canary", 10_000))
	})
	for code, reason := range map[int]string{403: "authorization", 404: "request", 429: "rate_limit", 503: "remote", 599: "remote"} {
		_, err := c.Do(t.Context(), Request{Path: fmt.Sprint("/api/x?token=canary&code=", code)})
		var status *StatusError
		require.ErrorAs(t, err, &status)
		assert.Equal(t, code, status.Code)
		assert.Equal(t, 30*time.Second, status.RetryAfter)
		assert.Equal(t, 30*time.Second, status.Delay())
		assert.Equal(t, reason, status.Reason())
		assert.Equal(t, "0", status.Header.Get("X-Rate-Limit-Remaining"))
		assert.Len(t, status.Body, maxErrorBody)
		assert.Equal(t, strings.TrimSpace(fmt.Sprint("GET /api/x: ", code, " ", http.StatusText(code))), err.Error())
	}
}

func TestBound(t *testing.T) {
	c, _, _ := start(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "12345") })
	for bound, want := range map[int64]error{0: nil, 5: nil, 6: nil, 4: ErrTooLarge, 1: ErrTooLarge} {
		response, err := c.Do(t.Context(), Request{Path: "/", MaxBody: bound})
		require.NoError(t, err)
		content, err := io.ReadAll(response.Body)
		require.ErrorIs(t, err, want)
		if want == nil {
			assert.Equal(t, "12345", string(content))
		} else {
			assert.Len(t, content, int(bound))
		}
		require.NoError(t, response.Body.Close())
	}
}

// A slow body may take as long as it goes on.
func TestSilence(t *testing.T) {
	release := make(chan struct{})
	step := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			for range 3 {
				_, _ = io.WriteString(w, "x")
				w.(http.Flusher).Flush()
				<-step
			}
		}
		<-release
	}))
	c, err := New(Settings{BaseURL: server.URL, Tokens: &tokens{}, Timeout: 300 * time.Millisecond})
	require.NoError(t, err)
	defer func() {
		close(release)
		c.Close()
		server.Close()
	}()

	var silence *SilenceError
	_, err = c.Do(t.Context(), Request{Path: "/"})
	require.ErrorAs(t, err, &silence)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	response, err := c.Do(t.Context(), Request{Path: "/body"})
	require.NoError(t, err)
	defer response.Body.Close()
	for range 3 {
		_, err = io.ReadFull(response.Body, make([]byte, 1))
		require.NoError(t, err)
		step <- struct{}{}
	}
	_, err = io.ReadAll(response.Body)
	require.ErrorAs(t, err, &silence)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Do(ctx, Request{Path: "/"})
	require.ErrorIs(t, err, context.Canceled)
}

func TestTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for trusted, config := range map[bool]*tls.Config{true: {RootCAs: roots}, false: nil} {
		c, err := New(Settings{BaseURL: server.URL, Tokens: &tokens{}, Transport: NewTransport(config)})
		require.NoError(t, err)
		response, err := c.Do(t.Context(), Request{Path: "/"})
		if trusted {
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
		} else {
			require.ErrorContains(t, err, "certificate")
		}
		c.Close()
	}
}

func TestErrorsShowNoToken(t *testing.T) {
	c, _, server := start(t, func(http.ResponseWriter, *http.Request) {})
	server.Close()
	_, err := c.Do(t.Context(), Request{Path: "/"})
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "canary")
}
