// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/baseurl"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
)

// zendeskLifetime is that of a token of which Zendesk does not tell when it expires: the
// default of new clients.
// Source: https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
const zendeskLifetime = 30 * time.Minute

// connection is what is used to call Salesforce.
type connection struct {
	tokens *tokens
	api    *apiclient.Client
	// tls is for the Pub/Sub API, which has an address of its own.
	tls *tls.Config
}

// connect makes what is needed to call Salesforce. Nothing is sent yet.
func connect(ctx context.Context, config *Config, userAgent string) (*connection, error) {
	tlsConfig, err := config.TLS.LoadTLSConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("tls: %w", err)
	}
	login, err := baseurl.Parse("login_url", config.LoginURL)
	if err != nil {
		return nil, err
	}
	instance, err := baseurl.Parse("instance_url", config.apiURL())
	if err != nil {
		return nil, err
	}
	transport := apiclient.NewTransport(tlsConfig)
	source, err := newSource(config, oauth.Settings{
		TokenURL:  login.JoinPath("services", "oauth2", "token").String(),
		Transport: transport, Timeout: config.Timeout, UserAgent: userAgent,
	})
	if err != nil {
		return nil, err
	}
	c := &connection{tokens: newTokens(source, instance, config.OrganizationID), tls: tlsConfig}
	c.api, err = apiclient.New(apiclient.Settings{
		BaseURL: instance.String(), Tokens: c.tokens, Transport: transport, Timeout: config.Timeout, UserAgent: userAgent,
	})
	return c, err
}

// newSource returns the source of tokens for the client that is configured.
func newSource(config *Config, settings oauth.Settings) (*oauth.Source, error) {
	if !config.usesKey() {
		return oauth.NewClientCredentials(settings, oauth.ClientCredentials{
			ClientID:     strings.TrimSpace(config.ClientID),
			ClientSecret: configopaque.String(strings.TrimSpace(string(config.ClientSecret))),
		})
	}
	key, err := os.ReadFile(config.PrivateKeyFile)
	if err != nil {
		return nil, fmt.Errorf("private_key_file: %w", err)
	}
	if err := oauth.CheckPrivateKey(configopaque.String(key)); err != nil {
		return nil, fmt.Errorf("private_key_file: %s: %w", config.PrivateKeyFile, err)
	}
	return oauth.NewJWTBearer(settings, oauth.JWTBearer{
		ClientID: strings.TrimSpace(config.ClientID), Username: strings.TrimSpace(config.Username),
		Audience: strings.TrimSpace(config.Audience), PrivateKey: configopaque.String(key),
	})
}

func (c *connection) close() {
	if c != nil && c.api != nil {
		c.api.Close()
	}
}

// newPubSub makes the client of the Pub/Sub API. Nothing is sent yet.
func newPubSub(config *Config, c *connection, organization, userAgent string) (*pubsub.Client, error) {
	endpoint, plain := config.ChangeDataCapture.address()
	return pubsub.NewClient(pubsub.Settings{
		Endpoint: endpoint, Insecure: plain, TLS: c.tls, Tokens: c.tokens,
		InstanceURL: strings.TrimSuffix(c.tokens.instance.String(), "/"), OrganizationID: organization, UserAgent: userAgent,
	})
}

// connectZendesk makes the client of Zendesk's API. Nothing is sent yet.
func connectZendesk(ctx context.Context, config *Config, userAgent string) (*apiclient.Client, error) {
	z := &config.Confirmation.Zendesk
	base, err := baseurl.Parse("confirmation::zendesk::endpoint", z.Endpoint)
	if err != nil {
		return nil, err
	}
	tlsConfig, err := z.TLS.LoadTLSConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("confirmation::zendesk::tls: %w", err)
	}
	var transport http.RoundTripper = apiclient.NewTransport(tlsConfig)
	source, err := oauth.NewClientCredentials(oauth.Settings{
		TokenURL: base.JoinPath("oauth", "tokens").String(), Transport: transport, Timeout: config.Timeout, UserAgent: userAgent,
		AssumedLifetime: zendeskLifetime,
	}, oauth.ClientCredentials{
		ClientID:     strings.TrimSpace(z.ClientID),
		ClientSecret: configopaque.String(strings.TrimSpace(string(z.ClientSecret))),
		Scopes:       z.Scopes,
		JSON:         true,
	})
	if err != nil {
		return nil, err
	}
	return apiclient.New(apiclient.Settings{
		BaseURL: base.String(), Tokens: source, Transport: transport, Timeout: config.Timeout, UserAgent: userAgent,
	})
}

func userAgentOf(build component.BuildInfo) string { return build.Command + "/" + build.Version }
