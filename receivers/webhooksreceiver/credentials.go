// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver"

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/oauth"
)

// assumedLifetime is that of a token of which Zendesk does not tell when it expires: the
// default of new clients.
// Source: https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
const assumedLifetime = 30 * time.Minute

const legacyWarning = "Zendesk ends API tokens on 30 April 2027; use an OAuth client (client_id, client_secret) before"

// connect makes the client of the API, and what it proves itself with. A nil transport is
// made from the configuration. Nothing is sent yet.
func connect(ctx context.Context, config *Config, base *url.URL, transport http.RoundTripper, userAgent string) (*apiclient.Client, oauth.TokenSource, error) {
	tlsConfig, err := config.TLS.LoadTLSConfig(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("tls: %w", err)
	}
	if transport == nil {
		transport = apiclient.NewTransport(tlsConfig)
	}
	tokens, err := newTokens(config, base, transport, userAgent)
	if err != nil {
		return nil, nil, err
	}
	api, err := apiclient.New(apiclient.Settings{
		BaseURL: base.String(), Tokens: tokens, Transport: transport, Timeout: config.Timeout, UserAgent: userAgent,
	})
	return api, tokens, err
}

func userAgentOf(build component.BuildInfo) string { return build.Command + "/" + build.Version }

// newTokens returns what the receiver proves itself with.
func newTokens(config *Config, base *url.URL, transport http.RoundTripper, userAgent string) (oauth.TokenSource, error) {
	if !config.usesClient() {
		// Source: https://developer.zendesk.com/api-reference/introduction/security-and-auth/
		return oauth.NewBasic(strings.TrimSpace(config.Email)+"/token", configopaque.String(strings.TrimSpace(string(config.APIToken)))), nil
	}
	return oauth.NewClientCredentials(oauth.Settings{
		TokenURL:        base.JoinPath("oauth", "tokens").String(),
		Transport:       transport,
		Timeout:         config.Timeout,
		UserAgent:       userAgent,
		AssumedLifetime: assumedLifetime,
	}, oauth.ClientCredentials{
		ClientID:     strings.TrimSpace(config.ClientID),
		ClientSecret: configopaque.String(strings.TrimSpace(string(config.ClientSecret))),
		Scopes:       config.Scopes,
		JSON:         true,
	})
}

func (c *Config) usesClient() bool { return strings.TrimSpace(c.ClientID) != "" }

// accountOf returns the subdomain of an account's address, which is its name at Zendesk.
func accountOf(base *url.URL) string {
	host := base.Hostname()
	if subdomain, ok := strings.CutSuffix(host, ".zendesk.com"); ok {
		return subdomain
	}
	return host // an address of the customer's own
}
