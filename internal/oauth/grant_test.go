// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

func TestClientCredentials(t *testing.T) {
	for _, asJSON := range []bool{true, false} {
		t.Run(fmt.Sprint(asJSON), func(t *testing.T) {
			e := newEndpoint(t, func(w http.ResponseWriter, _ int) {
				reply(w, http.StatusOK, `{"access_token":"T-1","token_type":"bearer","expires_in":1800,"scope":"webhooks:read"}`)
			})
			source, err := NewClientCredentials(e.settings(), ClientCredentials{ClientID: "log", ClientSecret: secret, Scopes: []string{"webhooks:read", "read"}, JSON: asJSON})
			require.NoError(t, err)
			token, err := source.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "Bearer T-1", token.Authorization())
			assert.Equal(t, "T-1", token.Bearer())
			assert.Equal(t, "webhooks:read", token.Extra("scope"))
			assert.WithinDuration(t, time.Now().Add(30*time.Minute), token.Expiry(), time.Minute)
			assert.Equal(t, map[string]string{
				"grant_type": "client_credentials", "client_id": "log", "client_secret": secret, "scope": "webhooks:read read",
			}, e.request(0))
			if asJSON {
				assert.Equal(t, "application/json", e.types[0])
			}
		})
	}
}

func TestAssumedLifetime(t *testing.T) {
	e := newEndpoint(t, func(w http.ResponseWriter, _ int) {
		reply(w, http.StatusOK, `{"access_token":"T-1","token_type":"Bearer"}`)
	})
	settings := e.settings()
	token, err := client(t, settings).Token(t.Context())
	require.NoError(t, err)
	assert.Zero(t, token.Expiry())
	settings.AssumedLifetime = time.Hour
	token, err = client(t, settings).Token(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, inAnHour(), token.Expiry(), time.Minute)
}

func rsaKey(t *testing.T) (*rsa.PrivateKey, configopaque.String) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	content, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return key, configopaque.String(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: content}))
}

func TestJWTBearer(t *testing.T) {
	e := newEndpoint(t, func(w http.ResponseWriter, _ int) {
		reply(w, http.StatusOK, `{"access_token":"00D!x","token_type":"Bearer","scope":"api","instance_url":"https://acme.my.salesforce.com","id":"https://login.salesforce.com/id/00D/005"}`)
	})
	key, text := rsaKey(t)
	source, err := NewJWTBearer(e.settings(), JWTBearer{ClientID: "3MVG9", Username: "log@acme.example", Audience: "https://login.salesforce.com", PrivateKey: text, Lifetime: time.Hour})
	require.NoError(t, err)
	token, err := source.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "00D!x", token.Bearer())
	assert.Equal(t, "https://acme.my.salesforce.com", token.Extra("instance_url"))
	assert.Equal(t, "https://login.salesforce.com/id/00D/005", token.Extra("id"))
	assert.Empty(t, token.Extra("issued_at"))

	request := e.request(0)
	assert.Equal(t, "urn:ietf:params:oauth:grant-type:jwt-bearer", request["grant_type"])
	parts := strings.Split(request["assertion"], ".")
	require.Len(t, parts, 3)
	content, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	var claims struct {
		Iss string `json:"iss"`
		Sub string `json:"sub"`
		Aud string `json:"aud"`
		Exp int64  `json:"exp"`
	}
	require.NoError(t, json.Unmarshal(content, &claims))
	assert.Equal(t, "3MVG9", claims.Iss)
	assert.Equal(t, "log@acme.example", claims.Sub)
	assert.Equal(t, "https://login.salesforce.com", claims.Aud)
	left := time.Until(time.Unix(claims.Exp, 0))
	assert.LessOrEqual(t, left, 180*time.Second)
	assert.Greater(t, left, 2*time.Minute)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	require.NoError(t, rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature))
}

func TestCheckPrivateKey(t *testing.T) {
	key, good := rsaKey(t)
	require.NoError(t, CheckPrivateKey(good))
	require.NoError(t, CheckPrivateKey(configopaque.String(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))))

	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	content, err := x509.MarshalPKCS8PrivateKey(curve)
	require.NoError(t, err)
	for text, want := range map[configopaque.String]string{
		"":             "no PEM file",
		"/etc/key.pem": "no PEM file",
		configopaque.String(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("canary")})):           "no RSA key",
		configopaque.String(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: content})):                    "no RSA key",
		configopaque.String(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("canary")})): "passphrase",
	} {
		err := CheckPrivateKey(text)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "canary")
	}
}

func TestSettingsErrors(t *testing.T) {
	_, err := NewClientCredentials(Settings{TokenURL: "http://acme.zendesk.com/oauth/tokens"}, ClientCredentials{ClientID: "log", ClientSecret: secret})
	require.ErrorContains(t, err, "in clear")
	_, err = NewClientCredentials(Settings{TokenURL: "https://acme.zendesk.com/oauth/tokens"}, ClientCredentials{ClientID: "log"})
	require.ErrorContains(t, err, "secret")
	_, good := rsaKey(t)
	_, err = NewJWTBearer(Settings{TokenURL: "http://acme.example/"}, JWTBearer{ClientID: "a", Username: "b", PrivateKey: good})
	require.ErrorContains(t, err, "in clear")
	_, err = NewJWTBearer(Settings{TokenURL: "https://acme.example/"}, JWTBearer{ClientID: "a", Username: "b"})
	require.ErrorContains(t, err, "PEM")
	_, err = NewJWTBearer(Settings{TokenURL: "https://acme.example/"}, JWTBearer{ClientID: "a", PrivateKey: good})
	require.ErrorContains(t, err, "user")
}

// A redirect of the token endpoint would take the secret to another host.
func TestNoRedirect(t *testing.T) {
	elsewhere := newEndpoint(t, func(w http.ResponseWriter, _ int) { reply(w, http.StatusOK, `{"access_token":"T-1"}`) })
	e := newEndpoint(t, func(w http.ResponseWriter, _ int) {
		w.Header().Set("Location", elsewhere.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	_, err := client(t, e.settings()).Token(t.Context())
	var refusal *Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, http.StatusTemporaryRedirect, refusal.StatusCode)
	assert.Zero(t, elsewhere.count())
}

func TestErrorsShowNoSecret(t *testing.T) {
	e := newEndpoint(t, func(w http.ResponseWriter, _ int) {
		reply(w, http.StatusUnauthorized, `{"error":"invalid_client","error_description":"no client log with `+secret+`\n`+strings.Repeat("x", 1000)+`","more":"canary-more"}`)
	})
	_, err := client(t, e.settings()).Token(t.Context())
	require.ErrorContains(t, err, "no token: the token endpoint answered 401 Unauthorized: invalid_client (no client log with **** x")
	assert.NotContains(t, err.Error(), "canary")
	assert.NotContains(t, err.Error(), "\n")
	assert.Less(t, len(err.Error()), 500)
}

func TestUnreadableAnswers(t *testing.T) {
	for _, body := range []string{"", "<html>canary</html>", `{"access_token":""}`, `{"access_token":5}`, `["canary"]`, `{"token":"canary"}`} {
		e := newEndpoint(t, func(w http.ResponseWriter, _ int) { reply(w, http.StatusOK, body) })
		_, err := client(t, e.settings()).Token(t.Context())
		require.ErrorIs(t, err, errUnreadable, body)
		assert.NotContains(t, err.Error(), "canary")
		_, good := rsaKey(t)
		source, err := NewJWTBearer(e.settings(), JWTBearer{ClientID: "a", Username: "b", PrivateKey: good})
		require.NoError(t, err)
		_, err = source.Token(t.Context())
		require.ErrorIs(t, err, errUnreadable, body)
	}
}

func TestUnreachable(t *testing.T) {
	e := newEndpoint(t, nil)
	e.Close()
	_, err := client(t, e.settings()).Token(t.Context())
	require.ErrorContains(t, err, "no token: ")
	require.ErrorContains(t, err, "connection refused")
	assert.NotContains(t, err.Error(), secret)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client(t, e.settings()).Token(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestTokensAreNotShown(t *testing.T) {
	basic, err := NewBasic("me@acme.example/token", "canary").Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Basic "+base64.StdEncoding.EncodeToString([]byte("me@acme.example/token:canary")), basic.Authorization())
	assert.Empty(t, basic.Bearer())
	NewBasic("a", "b").Invalidate(basic)
	bearer := NewBearer("canary", time.Time{}, nil)
	for _, token := range []Token{basic, bearer} {
		for _, shown := range []string{token.String(), fmt.Sprintf("%v %+v %#v %s", token, token, token, token)} {
			assert.NotContains(t, shown, "canary")
			assert.NotContains(t, shown, basic.Authorization())
		}
	}
}
