// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// pathTricks are other ways to write a path: each leads to nothing, and none to a file, to
// another product or to another host.
func pathTricks(t *testing.T, w *world) {
	t.Helper()
	paths := []string{
		"/../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/.%00/etc/passwd", "/..;/etc/passwd",
		"/static/../../../../etc/passwd", "/assets/..%5c..%5cetc%5cpasswd", "/api/v1/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/.git/config", "/.env",
		"//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "/%5cevil.example/..", "/.//evil.example/", "///evil.example/..", "/%2f%2fevil.example",
		"http://evil.example/etc/passwd", "https://evil.example//", "file:///etc/passwd", "/http://evil.example", "/%0d%0aLocation:%20https://evil.example",
	}
	w.eachListener(t, func(t *testing.T, l listener) {
		t.Helper()
		for _, path := range paths {
			for _, method := range []string{"GET", "POST"} {
				answers := exchange(t, l.address(), method+" "+path+" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				assert.Len(t, answers, 1, "%s %s", method, path)
				for _, answer := range answers {
					assert.NotContains(t, answer.body, "root:", "%s %s", method, path)
					assert.False(t, strings.HasPrefix(answer.location, "//") || strings.HasPrefix(answer.location, `/\`) || strings.Contains(answer.location, "://"),
						"%s %s leads to %q", method, path, answer.location)
				}
			}
		}
	})
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		l := listener{port: p.Ports.Webhook}
		for _, path := range []string{
			"//zis", "/zis/", "/zis/.", "/./zis", "/shopify/../zis", "/shopify/%2e%2e/zis", "/ZIS", "/zis%00", "/zis%20", "/zis;a=b", "/zis%2f", `/\zis`,
			"/zis/..%2fshopify", "http://localhost//zis",
		} {
			for _, product := range harness.PushedProducts {
				request := "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + product.Secret + "\r\nContent-Type: application/json\r\nContent-Length: 22\r\nConnection: close\r\n\r\n" + `{"message":"smuggled"}`
				answers := exchange(t, l.address(), request)
				assert.Len(t, answers, 1, path)
				for _, answer := range answers {
					assert.GreaterOrEqual(t, answer.status, 400, "%s with the secret of %s", path, product.Product)
				}
			}
		}
	})
}

// foreignHosts are none under which a listener of this machine is reached, but look like one.
var foreignHosts = []string{"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1", "0.0.0.0", "[::ffff:192.0.2.1]"}

// otherHosts are requests that a browser of this machine sends for another site: under a name
// that the site makes lead here, or with the site's own.
func otherHosts(t *testing.T, w *world) {
	t.Helper()
	w.eachListener(t, func(t *testing.T, l listener) {
		t.Helper()
		if !l.onlyAs {
			require.Contains(t, []string{"webhooks", "health", "activity metrics", "telemetry", "zpages", "pprof"}, l.name, "docs/security.md says why")
			return
		}
		ask := func(change func(*http.Request)) int {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.address()+l.path, http.NoBody)
			if l.post != "" {
				request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+l.address()+l.post, strings.NewReader("{}"))
			}
			require.NoError(t, err)
			request.Header.Set("Content-Type", "application/json")
			change(request)
			status, _, err := do(request)
			require.NoError(t, err)
			return status
		}
		for _, host := range slices.Concat(foreignHosts, []string{"localhost@evil.example"}) {
			assert.Equal(t, http.StatusMisdirectedRequest, ask(func(r *http.Request) { r.Host = host }), host)
		}
		assert.Equal(t, http.StatusOK, ask(func(*http.Request) {}))
		if l.post != "" {
			// A browser asks for a permission before it posts JSON or Protobuf, and gets none. These it posts unasked.
			for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
				assert.Equal(t, http.StatusUnsupportedMediaType, ask(func(r *http.Request) {
					r.Header.Set("Origin", "https://evil.example")
					r.Header.Set("Content-Type", contentType)
				}), contentType)
			}
			assert.NotEqual(t, http.StatusNoContent, ask(func(r *http.Request) {
				r.Method = http.MethodOptions
				r.Header = http.Header{"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"content-type"}}
			}), "a permission")
			return
		}
		for _, site := range []string{"cross-site", "same-site", "unknown"} {
			assert.Equal(t, http.StatusForbidden, ask(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", site) }), site)
		}
		for _, origin := range []string{"https://evil.example", "null", "http://localhost:1"} {
			assert.Equal(t, http.StatusForbidden, ask(func(r *http.Request) { r.Header.Set("Origin", origin) }), origin)
		}
		for _, answer := range exchange(t, l.address(), "GET http://evil.example"+l.path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") {
			assert.Equal(t, http.StatusMisdirectedRequest, answer.status, "the absolute form has the last word")
		}
	})
}
