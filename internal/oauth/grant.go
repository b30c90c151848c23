// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth // import "github.com/integrationlog/integrationlog/internal/oauth"

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/jwt"

	"github.com/integrationlog/integrationlog/internal/baseurl"
)

const (
	defaultTimeout = 30 * time.Second
	// maxAssertionLifetime is what Salesforce allows.
	// Source: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
	maxAssertionLifetime = 3 * time.Minute
)

// Settings tell how a token endpoint is reached.
type Settings struct {
	// TokenURL is the token endpoint. Tokens are asked for there and nowhere else.
	TokenURL string
	// Transport sends the requests; nil is Go's own.
	Transport http.RoundTripper
	// Timeout bounds one request; 0 is 30 s.
	Timeout time.Duration
	// UserAgent says who asks.
	UserAgent string
	// AssumedLifetime is that of a token of which the vendor does not tell when it
	// expires; 0 is until it is refused.
	AssumedLifetime time.Duration
}

// ClientCredentials is the grant for a client that acts for itself.
// Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.4
type ClientCredentials struct {
	ClientID     string
	ClientSecret configopaque.String
	// Scopes may be empty: the vendor then decides.
	Scopes []string
	// JSON sends the request as JSON, which Zendesk's documentation asks for, and not
	// as the form that the standard has.
	// Source: https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
	JSON bool
}

// NewClientCredentials returns a source of tokens for a client.
func NewClientCredentials(settings Settings, client ClientCredentials) (*Source, error) {
	if client.ClientID == "" || client.ClientSecret == "" {
		return nil, errors.New("oauth: both the client's id and its secret are needed")
	}
	httpClient, err := settings.client(client.JSON)
	if err != nil {
		return nil, err
	}
	config := clientcredentials.Config{
		ClientID:     client.ClientID,
		ClientSecret: string(client.ClientSecret),
		TokenURL:     settings.TokenURL,
		Scopes:       client.Scopes,
		AuthStyle:    oauth2.AuthStyleInParams, // trying both would send a wrong secret twice
	}
	return newSource(func(ctx context.Context) (Token, error) {
		token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, httpClient))
		return settings.result(ctx, token, err, string(client.ClientSecret))
	}), nil
}

// JWTBearer is the grant for a client that proves itself with a key and acts for a user.
// Source: https://www.rfc-editor.org/rfc/rfc7523
type JWTBearer struct {
	ClientID string
	// Username is for whom the client acts.
	Username string
	// Audience is whom the assertion is made for, such as https://login.salesforce.com;
	// empty is the token endpoint.
	Audience string
	// PrivateKey is an RSA key as PEM, without a passphrase.
	PrivateKey configopaque.String
	// Lifetime is that of the assertion; 0 is the most that is allowed, 180 s.
	Lifetime time.Duration
}

// NewJWTBearer returns a source of tokens for a client with a key.
func NewJWTBearer(settings Settings, client JWTBearer) (*Source, error) {
	if client.ClientID == "" || client.Username == "" {
		return nil, errors.New("oauth: both the client's id and the user's name are needed")
	}
	if err := CheckPrivateKey(client.PrivateKey); err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	httpClient, err := settings.client(false)
	if err != nil {
		return nil, err
	}
	lifetime := client.Lifetime
	if lifetime <= 0 || lifetime > maxAssertionLifetime {
		lifetime = maxAssertionLifetime
	}
	config := jwt.Config{
		Email:      client.ClientID, // which the library makes the issuer
		PrivateKey: []byte(client.PrivateKey),
		Subject:    client.Username,
		TokenURL:   settings.TokenURL,
		Audience:   client.Audience,
		Expires:    lifetime,
	}
	return newSource(func(ctx context.Context) (Token, error) {
		token, err := config.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, httpClient)).Token()
		return settings.result(ctx, token, err, string(client.PrivateKey))
	}), nil
}

// CheckPrivateKey tells what is wrong with an RSA key, without showing any of it.
func CheckPrivateKey(key configopaque.String) error {
	block, _ := pem.Decode([]byte(key))
	if block == nil {
		return errors.New("the private key is no PEM file: it begins with -----BEGIN")
	}
	if strings.Contains(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "" {
		return errors.New("the private key has a passphrase; take it off with openssl rsa")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if _, ok := parsed.(*rsa.PrivateKey); err != nil || !ok {
		return errors.New("the private key is no RSA key")
	}
	return nil
}

// client returns an HTTP client that goes to the token endpoint and nowhere else.
func (s *Settings) client(asJSON bool) (*http.Client, error) {
	if _, err := baseurl.ParseWithPath("token endpoint", s.TokenURL); err != nil {
		return nil, err
	}
	transport := s.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	return &http.Client{
		Transport: &sender{next: transport, userAgent: s.UserAgent, asJSON: asJSON},
		Timeout:   timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a redirect would take the secret along
		},
	}, nil
}

func (s *Settings) result(ctx context.Context, token *oauth2.Token, err error, secrets ...string) (Token, error) {
	now := time.Now()
	switch {
	case ctx.Err() != nil && err != nil:
		return Token{}, ctx.Err()
	case err != nil:
		return Token{}, explain(err, now, secrets...)
	case token.AccessToken == "":
		return Token{}, &connectionError{err: errUnreadable}
	}
	expiry := token.Expiry
	if expiry.IsZero() && s.AssumedLifetime > 0 {
		expiry = now.Add(s.AssumedLifetime)
	}
	extra := map[string]string{}
	for _, name := range []string{"instance_url", "id", "scope"} {
		if text, ok := token.Extra(name).(string); ok {
			extra[name] = text
		}
	}
	return NewBearer(configopaque.String(token.AccessToken), expiry, extra), nil
}
