// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// authorized lets requests through that may read a kind of records.
func (a *Account) authorized(kind string, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, ok := r.BasicAuth(); ok {
			if a.settings.APIToken == "" || user != a.settings.Email+"/token" || password != a.settings.APIToken {
				unauthenticated(w)
				return
			}
			handler.ServeHTTP(w, r)
			return
		}
		scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			unauthenticated(w)
			return
		}
		token, ok := a.tokens.find(text, a.settings.Now())
		switch {
		case !ok:
			w.Header().Set("WWW-Authenticate", `Bearer realm="Zendesk"`)
			endpoint.JSON(w, http.StatusUnauthorized, map[string]string{
				"error":             "invalid_token",
				"error_description": "The access token provided is expired, revoked, malformed or invalid for other reasons.",
			})
		case !slices.Contains(token.scopes, "read") && !slices.Contains(token.scopes, kind+":read"):
			forbidden(w)
		default:
			handler.ServeHTTP(w, r)
		}
	})
}

func unauthenticated(w http.ResponseWriter) {
	endpoint.JSON(w, http.StatusUnauthorized, map[string]string{"error": "Couldn't authenticate you"})
}

func forbidden(w http.ResponseWriter) {
	endpoint.JSON(w, http.StatusForbidden, map[string]any{"error": map[string]string{
		"title": "Forbidden", "message": "You do not have access to this page. Please contact the account owner of this help desk for further help.",
	}})
}

func notFound(w http.ResponseWriter) {
	endpoint.JSON(w, http.StatusNotFound, map[string]string{"error": "RecordNotFound", "description": "Not found"})
}

// webhookError is how the webhooks API answers.
func webhookError(w http.ResponseWriter, status int, code, title string) {
	endpoint.JSON(w, status, map[string]any{"errors": []map[string]string{{"code": code, "title": title}}})
}
