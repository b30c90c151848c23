// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answer tells how a handler answers: the status, and why it refused if it did.
type answer struct {
	status int
	reason Reason
	detail string
	header http.Header
}

// ask sends a request through a handler that is made around one that answers 200.
func ask(wrap func(Refuse, http.Handler) http.Handler, r *http.Request) answer {
	var got answer
	refuse := func(w http.ResponseWriter, _ *http.Request, refusal Refusal) {
		got.reason, got.detail = refusal.Reason, refusal.Detail
		w.WriteHeader(refusal.Status)
	}
	recorder := httptest.NewRecorder()
	wrap(refuse, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })).ServeHTTP(recorder, r)
	got.status, got.header = recorder.Code, recorder.Header()
	return got
}

func TestTheLogCanOnlyBeRead(t *testing.T) {
	for method, want := range map[string]int{
		http.MethodGet: 200, http.MethodHead: 200, http.MethodPost: 405, http.MethodPut: 405, http.MethodDelete: 405,
		http.MethodOptions: 405, http.MethodTrace: 405, http.MethodConnect: 405, "PROPFIND": 405, "get": 405,
	} {
		got := ask(ReadOnly, httptest.NewRequest(method, "/", http.NoBody))
		assert.Equal(t, want, got.status, method)
		if want == 405 {
			assert.Equal(t, Method, got.reason, method)
			assert.Equal(t, "GET, HEAD", got.header.Get("Allow"), method)
		}
	}
	got := ask(ReadOnly, httptest.NewRequest(http.MethodGet, "/", strings.NewReader("x")))
	assert.Equal(t, http.StatusRequestEntityTooLarge, got.status)
	assert.Equal(t, "close", got.header.Get("Connection"), "nobody waits for the body")
}

func TestOnlyKnownNamesAreServed(t *testing.T) {
	for name, tt := range map[string]struct {
		allowed  []string
		loopback bool
		served   []string
		refused  []string
	}{
		"this machine only": {
			loopback: true,
			served:   []string{"localhost", "localhost:8080", "LOCALHOST:1", "localhost.", "127.0.0.1:8080", "127.8.8.8", "[::1]:8080", "[::1]", "[::ffff:127.0.0.1]:80"},
			refused: []string{
				"", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1:8080", "0.0.0.0:8080",
				"[::]:8080", "log.example.com", "localhost:8080:8080", "2130706433", "::1:8080",
			},
		},
		"this machine behind a proxy": {
			allowed: []string{"Log.Example.com", "fd00::1"}, loopback: true,
			served:  []string{"localhost:8080", "log.example.com", "LOG.example.COM:443", "log.example.com.", "[fd00::1]:8080"},
			refused: []string{"example.com", "x.log.example.com", "log.example.com.evil.example"},
		},
		"elsewhere": {
			allowed: []string{"log.example.com"},
			served:  []string{"log.example.com"},
			refused: []string{"localhost:8080", "127.0.0.1", "10.0.0.1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			wrap := func(refuse Refuse, next http.Handler) http.Handler {
				return Hosts(tt.allowed, tt.loopback, refuse, next)
			}
			request := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
			for _, request.Host = range tt.served {
				assert.Equal(t, 200, ask(wrap, request).status, request.Host)
			}
			for _, request.Host = range tt.refused {
				got := ask(wrap, request)
				assert.Equal(t, http.StatusMisdirectedRequest, got.status, request.Host)
				assert.Equal(t, Host, got.reason)
				assert.Contains(t, got.detail, "allowed_hosts", "the cure is named")
			}
		})
	}
}

func TestOtherSitesMayOnlyLinkHere(t *testing.T) {
	for name, tt := range map[string]struct {
		site, mode, dest string
		want             int
	}{
		"a program":                   {"", "", "", 200},
		"typed in":                    {"none", "navigate", "document", 200},
		"the page's script":           {"same-origin", "cors", "empty", 200},
		"a link":                      {"cross-site", "navigate", "document", 200},
		"a link of the neighbour":     {"same-site", "navigate", "document", 200},
		"an image":                    {"cross-site", "no-cors", "image", 403},
		"a script":                    {"cross-site", "no-cors", "script", 403},
		"a fetch":                     {"cross-site", "cors", "empty", 403},
		"a fetch of the neighbour":    {"same-site", "cors", "empty", 403},
		"a frame":                     {"cross-site", "navigate", "iframe", 403},
		"an object":                   {"cross-site", "navigate", "object", 403},
		"what no browser would claim": {"yes", "", "", 403},
	} {
		request := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		for header, value := range map[string]string{"Sec-Fetch-Site": tt.site, "Sec-Fetch-Mode": tt.mode, "Sec-Fetch-Dest": tt.dest} {
			if value != "" {
				request.Header.Set(header, value)
			}
		}
		assert.Equal(t, tt.want, ask(SameOrigin, request).status, name)
	}
}

func TestTheProxyNamesTheUser(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/64")}
	for name, tt := range map[string]struct {
		peer  string
		users []string
		want  Reason
	}{
		"the proxy":             {"10.1.2.3:4711", []string{"ann@example.com"}, ""},
		"mapped":                {"[::ffff:10.1.2.3]:4711", []string{"ann"}, ""},
		"version 6":             {"[fd00::7%eth0]:4711", []string{"ann"}, ""},
		"past the proxy":        {"10.2.2.3:4711", []string{"ann"}, Proxy},
		"this machine":          {"127.0.0.1:4711", []string{"ann"}, Proxy},
		"past it, without name": {"10.2.2.3:4711", nil, Proxy},
		"no address":            {"@", []string{"ann"}, Proxy},
		"no name":               {"10.1.2.3:4711", nil, User},
		"empty":                 {"10.1.2.3:4711", []string{""}, User},
		"blank":                 {"10.1.2.3:4711", []string{" \t"}, User},
		"doubled":               {"10.1.2.3:4711", []string{"eve", "ann"}, User},
		"doubled and empty":     {"10.1.2.3:4711", []string{"", "ann"}, User},
		"joined":                {"10.1.2.3:4711", []string{"eve, ann"}, User},
	} {
		wrap := func(refuse Refuse, next http.Handler) http.Handler {
			return BehindProxy("x-forwarded-user", trusted, refuse, next)
		}
		request := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		request.RemoteAddr = tt.peer
		request.Header["X-Forwarded-User"] = tt.users
		request.Header.Set("X-Forwarded-For", "10.1.2.3")
		got := ask(wrap, request)
		assert.Equal(t, tt.want, got.reason, name)
		if tt.want == "" {
			assert.Equal(t, 200, got.status, name)
		} else {
			assert.Equal(t, 403, got.status, name)
		}
	}
}

func TestHeadersProtectTheReader(t *testing.T) {
	recorder := httptest.NewRecorder()
	Headers(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	})).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	policy := recorder.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		assert.Contains(t, policy, want)
	}
	assert.NotContains(t, policy, "unsafe")
	assert.NotContains(t, policy, "*")
	assert.Equal(t, "nosniff", recorder.Header().Get("X-Content-Type-Options"))
	assert.Equal(t, "no-referrer", recorder.Header().Get("Referrer-Policy"))
	assert.Equal(t, "same-origin", recorder.Header().Get("Cross-Origin-Opener-Policy"))
	assert.Equal(t, "public, max-age=31536000, immutable", recorder.Header().Get("Cache-Control"), "a handler knows what may be kept")
}

// tick sends a letter again and again, with pauses.
func tick(writes int, pause time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range writes {
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
				return
			}
			_, _ = w.Write([]byte("x"))
			_ = http.NewResponseController(w).Flush()
		}
	})
}

func TestAnAnswerMayLastAsLongAsItIsRead(t *testing.T) {
	const limit = 500 * time.Millisecond
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(WriteWithin(limit, tick(3, 2*limit)))
			server.Config.WriteTimeout = limit
			server.EnableHTTP2 = http2
			server.StartTLS()
			defer server.Close()
			response, err := server.Client().Get(server.URL)
			require.NoError(t, err)
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err, "longer than the limit of one write, in pieces and as a whole")
			require.NoError(t, response.Body.Close())
			assert.Equal(t, "xxx", string(body))
		})
	}
}

func TestWhoReadsNoMoreIsLetGo(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan error, 1)
			server := httptest.NewUnstartedServer(WriteWithin(200*time.Millisecond, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for {
					if _, err := w.Write(make([]byte, 1<<20)); err != nil {
						ended <- err
						return
					}
				}
			})))
			server.EnableHTTP2 = http2
			server.StartTLS()
			defer server.Close()
			response, err := server.Client().Get(server.URL)
			require.NoError(t, err)
			select {
			case err := <-ended:
				require.Error(t, err)
			case <-time.After(20 * time.Second):
				t.Error("it is waited for without end")
			}
			require.NoError(t, response.Body.Close())
		})
	}
}
