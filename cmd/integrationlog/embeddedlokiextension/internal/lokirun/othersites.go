// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"net/http"

	"github.com/grafana/dskit/middleware"

	"github.com/integrationlog/integrationlog/internal/crosssite"
)

// noOtherSites refuses what other sites' pages have a browser of this machine ask for.
//
// Loki asks nobody for a credential, and does not look where a request comes from. Such a page
// could post records, stop Loki with a GET, and, under a name that it makes lead here, read
// the log.
func noOtherSites() middleware.Interface {
	return middleware.Func(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !crosssite.IsLoopback(r):
				http.Error(w, "this Loki is for its own machine only: ask for it as localhost or 127.0.0.1, and have a proxy set the Host header so", http.StatusMisdirectedRequest)
			case crosssite.IsAskedFor(r):
				http.Error(w, "pages of other sites cannot ask this Loki", http.StatusForbidden)
			default:
				next.ServeHTTP(w, r)
			}
		})
	})
}
