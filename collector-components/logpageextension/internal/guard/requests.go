// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package guard // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/guard"

import (
	"net/http"

	"github.com/integrationlog/integrationlog/internal/crosssite"
)

// ReadOnly lets GET and HEAD in, without a body: there is nothing to be changed here.
func ReadOnly(refuse Refuse, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, r, Refusal{Method, http.StatusMethodNotAllowed, "The log can only be read: ask with GET or HEAD."})
		case r.ContentLength != 0:
			// Otherwise the server would wait for the body that nobody reads.
			w.Header().Set("Connection", "close")
			refuse(w, r, Refusal{Method, http.StatusRequestEntityTooLarge, "The log can only be read: ask without a body."})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// SameOrigin refuses what another site's page asks for, except that a link may lead here:
// such a page may not read the answer, but it could have the store work, or learn from the
// time that it takes.
func SameOrigin(refuse Refuse, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		link := r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
		if link || !crosssite.IsAskedFor(r) {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, r, Refusal{Origin, http.StatusForbidden, "Pages of other sites cannot read the log: follow a link to it instead."})
	})
}
