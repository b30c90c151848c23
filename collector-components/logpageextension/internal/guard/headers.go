// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package guard // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/guard"

import (
	"net/http"
	"strings"
)

// contentSecurityPolicy lets a page load its own script, style and images, ask its own
// server, and nothing else; hostile text that got into it could do nothing.
var contentSecurityPolicy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"manifest-src 'self'",
	"form-action 'self'",
	"frame-ancestors 'none'",
	"base-uri 'none'",
}, "; ")

// permissionsPolicy takes away what the page has no use for.
const permissionsPolicy = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

// Headers gives every answer, refusals included, the headers that protect its reader.
// A handler may set others in their place, such as a cache of its assets.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", permissionsPolicy)
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
