// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"context"
	"net/http"
	"strings"

	"github.com/grafana/dskit/middleware"
)

// endQueries ends the queries that are under way when Loki is asked to stop, and those that
// come later.
//
// Loki stops those who answer queries before those who take them, and tells neither. A query
// in between waits for an answer until its sender gives up, and Loki waits for the query.
func endQueries(stopping <-chan struct{}) middleware.Interface {
	return middleware.Func(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isPush(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			select {
			case <-stopping:
				http.Error(w, "Loki is stopping", http.StatusServiceUnavailable)
				return
			default:
			}
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			go func() {
				select {
				case <-stopping:
					cancel()
				case <-ctx.Done():
				}
			}()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	})
}

// isPush tells of records that come in: what is told about them must be true.
func isPush(path string) bool {
	return strings.HasSuffix(path, "/push") || strings.HasPrefix(path, "/otlp/")
}
