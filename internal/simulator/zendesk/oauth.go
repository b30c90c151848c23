// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// OAuthError is a refusal of the token endpoint.
type OAuthError struct {
	Status      int    `json:"-"`
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e OAuthError) write(w http.ResponseWriter) { endpoint.JSON(w, e.Status, e) }

// The refusals, as OAuth 2.0 has them.
var (
	InvalidClient = OAuthError{
		http.StatusUnauthorized, "invalid_client",
		"Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
	}
	InvalidRequest   = OAuthError{http.StatusBadRequest, "invalid_request", "The request is missing a required parameter, or has one that is not supported."}
	InvalidScope     = OAuthError{http.StatusBadRequest, "invalid_scope", "The requested scope is invalid, unknown, or malformed."}
	UnsupportedGrant = OAuthError{http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server."}
)

// RefuseTokens lets the next token requests be refused; see endpoint.Always.
func (a *Account) RefuseTokens(times int, with OAuthError) (remove func()) {
	return a.Inject(endpoint.Fault{
		Path: "/oauth/tokens", Times: times,
		Answer: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { with.write(w) },
	})
}

// tokens are those that were given out. Its zero value is ready for use.
type tokens struct {
	mu     sync.Mutex
	issued map[string]token
}

type token struct {
	scopes  []string
	expires time.Time
}

func (t *tokens) issue(scopes []string, expires time.Time) string {
	text := strings.ToLower(rand.Text() + rand.Text())
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.issued == nil {
		t.issued = map[string]token{}
	}
	t.issued[text] = token{scopes, expires}
	return text
}

func (t *tokens) find(text string, now time.Time) (token, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, ok := t.issued[text]
	return found, ok && now.Before(found.expires)
}

// ExpireTokens ends every token.
func (a *Account) ExpireTokens() {
	a.tokens.mu.Lock()
	defer a.tokens.mu.Unlock()
	clear(a.tokens.issued)
}

// Token returns a valid token for reading, for clients that are not after signing in.
func (a *Account) Token() string {
	return a.tokens.issue([]string{"read"}, a.settings.Now().Add(a.settings.TokenLife))
}

// tokenRequest is the body, as JSON or as a form.
type tokenRequest struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Scope        string `json:"scope"`
	ExpiresIn    int    `json:"expires_in"`
}

var knownScopes = map[string]bool{
	"read": true, "write": true, "impersonate": true, "webhooks:read": true, "webhooks:write": true,
	"organizations:read": true, "organizations:write": true, "users:read": true, "users:write": true,
}

// token is the token endpoint.
func (a *Account) token(w http.ResponseWriter, r *http.Request) {
	request, ok := readTokenRequest(r)
	scopes := strings.Fields(cmp.Or(request.Scope, "read"))
	switch {
	case !ok, request.GrantType == "":
		InvalidRequest.write(w)
		return
	case request.GrantType != "client_credentials":
		UnsupportedGrant.write(w)
		return
	case request.ClientID != a.settings.ClientID, request.ClientSecret != a.settings.ClientSecret:
		InvalidClient.write(w)
		return
	case request.ExpiresIn != 0 && (request.ExpiresIn < 300 || request.ExpiresIn > 172800):
		InvalidRequest.write(w)
		return
	}
	for _, scope := range scopes {
		if !knownScopes[scope] {
			InvalidScope.write(w)
			return
		}
	}
	life := a.settings.TokenLife
	if request.ExpiresIn != 0 {
		life = time.Duration(request.ExpiresIn) * time.Second
	}
	endpoint.JSON(w, http.StatusOK, map[string]any{
		"access_token": a.tokens.issue(scopes, a.settings.Now().Add(life)),
		"token_type":   "bearer",
		"scope":        strings.Join(scopes, " "),
		"expires_in":   int(life / time.Second),
	})
}

func readTokenRequest(r *http.Request) (request tokenRequest, ok bool) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return request, json.NewDecoder(r.Body).Decode(&request) == nil
	}
	request = tokenRequest{
		GrantType: r.PostFormValue("grant_type"), ClientID: r.PostFormValue("client_id"), ClientSecret: r.PostFormValue("client_secret"),
		Scope: r.PostFormValue("scope"),
	}
	if id, secret, basic := r.BasicAuth(); basic {
		request.ClientID, request.ClientSecret = id, secret
	}
	return request, true
}
