// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	Scope       string `json:"scope"`
	ExpiresIn   int    `json:"expires_in"`
}

func TestTokens(t *testing.T) {
	at := now
	account := start(t, Settings{Now: func() time.Time { return at }})
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"integration_log"}, "client_secret": {"simulated-client-secret"}, "scope": {"webhooks:read users:read"},
	}
	got := account.post(t, asForm, form.Encode())
	require.Equal(t, http.StatusOK, got.status, got.body)
	var token tokenAnswer
	got.decode(t, &token)
	assert.Equal(t, tokenAnswer{token.AccessToken, "bearer", "webhooks:read users:read", 1800}, token)

	credential := "Bearer " + token.AccessToken
	assert.Equal(t, http.StatusOK, account.getWith(t, credential, "/api/v2/webhooks").status)
	outOfScope := account.getWith(t, credential, "/api/v2/organizations/search", "external_id", "x")
	assert.Equal(t, http.StatusForbidden, outOfScope.status)
	assert.Contains(t, outOfScope.body, `"title":"Forbidden"`)
	at = at.Add(30 * time.Minute)
	expired := account.getWith(t, credential, "/api/v2/webhooks")
	assert.Equal(t, http.StatusUnauthorized, expired.status)
	assert.Contains(t, expired.body, `"error":"invalid_token"`)
}

func TestTokenRequestsAsJSON(t *testing.T) {
	account := start(t, Settings{})
	got := account.post(t, asJSON, `{"grant_type":"client_credentials","client_id":"integration_log","client_secret":"simulated-client-secret","expires_in":600}`)
	var token tokenAnswer
	got.decode(t, &token)
	assert.Equal(t, tokenAnswer{token.AccessToken, "bearer", "read", 600}, token)
	account.ExpireTokens()
	assert.Equal(t, http.StatusUnauthorized, account.getWith(t, "Bearer "+token.AccessToken, "/api/v2/webhooks").status)
}

func TestTokenRequestsThatAreRefused(t *testing.T) {
	account := start(t, Settings{})
	for body, want := range map[string]OAuthError{
		`{`:                         InvalidRequest,
		`{}`:                        InvalidRequest,
		`{"grant_type":"password"}`: UnsupportedGrant,
		`{"grant_type":"client_credentials","client_id":"other"}`:                                                                          InvalidClient,
		`{"grant_type":"client_credentials","client_id":"integration_log"}`:                                                                InvalidClient,
		`{"grant_type":"client_credentials","client_id":"integration_log","client_secret":"simulated-client-secret","scope":"everything"}`: InvalidScope,
		`{"grant_type":"client_credentials","client_id":"integration_log","client_secret":"simulated-client-secret","expires_in":299}`:     InvalidRequest,
	} {
		got := account.post(t, asJSON, body)
		assert.Equal(t, want.Status, got.status, body)
		var refusal OAuthError
		got.decode(t, &refusal)
		assert.Equal(t, want.Code, refusal.Code, body)
	}
	account.RefuseTokens(1, InvalidClient)
	good := `{"grant_type":"client_credentials","client_id":"integration_log","client_secret":"simulated-client-secret"}`
	assert.Equal(t, http.StatusUnauthorized, account.post(t, asJSON, good).status)
	assert.Equal(t, http.StatusOK, account.post(t, asJSON, good).status)
}

func TestCredentials(t *testing.T) {
	basic := func(user, password string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	}
	account := start(t, Settings{APIToken: "secret"})
	without := start(t, Settings{})
	for credential, status := range map[string]int{
		"":             http.StatusUnauthorized,
		"Bearer other": http.StatusUnauthorized,
		basic("admin@acme.example/token", "secret"): http.StatusOK,
		basic("admin@acme.example/token", "other"):  http.StatusUnauthorized,
		basic("admin@acme.example", "secret"):       http.StatusUnauthorized,
	} {
		assert.Equal(t, status, account.getWith(t, credential, "/api/v2/webhooks").status, credential)
	}
	got := without.getWith(t, basic("admin@acme.example/token", ""), "/api/v2/webhooks")
	assert.Equal(t, http.StatusUnauthorized, got.status)
	assert.JSONEq(t, `{"error":"Couldn't authenticate you"}`, got.body)
	assert.Equal(t, http.StatusNotFound, account.get(t, "/api/v2/tickets").status)
}

func TestRateLimits(t *testing.T) {
	at := now
	account := start(t, Settings{WebhookLimit: 2, Now: func() time.Time { return at }})
	got := account.get(t, "/api/v2/webhooks")
	assert.Equal(t, "2", got.header.Get("x-rate-limit"))
	assert.Equal(t, "1", got.header.Get("x-rate-limit-remaining"))
	at = at.Add(500 * time.Millisecond)
	assert.Equal(t, "0", account.get(t, "/api/v2/webhooks").header.Get("x-rate-limit-remaining"))
	for range 2 {
		tooMany := account.get(t, "/api/v2/webhooks")
		assert.Equal(t, http.StatusTooManyRequests, tooMany.status)
		assert.Equal(t, "60", tooMany.header.Get("Retry-After"))
	}
	// Other APIs have a limit of their own, and so has the next minute.
	other := account.get(t, "/api/v2/users/search", "external_id", "x")
	assert.Equal(t, http.StatusOK, other.status)
	assert.Equal(t, "699", other.header.Get("rate-limit-remaining"))
	assert.Equal(t, "60", other.header.Get("rate-limit-reset"))
	at = at.Add(time.Minute)
	assert.Equal(t, http.StatusOK, account.get(t, "/api/v2/webhooks").status)
	account.ThrottleNext("/webhooks", 1, 7*time.Second)
	throttled := account.get(t, "/api/v2/webhooks")
	assert.Equal(t, http.StatusTooManyRequests, throttled.status)
	assert.Equal(t, "7", throttled.header.Get("Retry-After"))
	unlimited := start(t, Settings{WebhookLimit: NoLimit})
	for range 150 {
		require.Equal(t, http.StatusOK, unlimited.get(t, "/api/v2/webhooks").status)
	}
}

func TestOtherFaults(t *testing.T) {
	account := start(t, Settings{})
	account.Inject(endpoint.Fault{Path: "/webhooks", Times: 1, Answer: endpoint.Status(http.StatusBadGateway, "text/html", "<html>")})
	assert.Equal(t, http.StatusBadGateway, account.get(t, "/api/v2/webhooks").status)
	assert.Equal(t, http.StatusOK, account.get(t, "/api/v2/webhooks").status)
	assert.Len(t, account.Requests("/api/v2/webhooks"), 2)
}
