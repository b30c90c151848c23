// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"
)

// ConfirmationConfig configures what Zendesk is asked. It is on where it has credentials.
type ConfirmationConfig struct {
	Enabled bool `mapstructure:"enabled"`

	// Timeout is after what time a change counts as not confirmed.
	Timeout time.Duration `mapstructure:"timeout"`

	Zendesk ZendeskConfig `mapstructure:"zendesk"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// ZendeskConfig tells which account is asked.
type ZendeskConfig struct {
	// Endpoint is the account's address, such as https://acme.zendesk.com.
	Endpoint string `mapstructure:"endpoint"`

	// ClientID and ClientSecret are those of a confidential OAuth client.
	ClientID     string              `mapstructure:"client_id"`
	ClientSecret configopaque.String `mapstructure:"client_secret"`

	// Scopes are what the token may be used for.
	Scopes []string `mapstructure:"scopes"`

	// TLS is for an account that is reached through a proxy with a certificate of its own.
	TLS configtls.ClientConfig `mapstructure:"tls"`

	// prevent unkeyed literal initialization
	_ struct{}
}
