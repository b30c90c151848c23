// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver"

import (
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/internal/webhook"
)

// Config configures the receiver.
type Config struct {
	// Config is what all webhook receivers share.
	Config webhook.Config `mapstructure:",squash"`

	// Secrets are the shared secrets of the webhooks, each of which has its own: a list,
	// or one string with commas. Any of them lets a request in.
	Secrets webhook.Secrets `mapstructure:"secrets"`

	// IncludeDeliveries adds the deliveries that succeeded, as debug.
	IncludeDeliveries bool `mapstructure:"include_deliveries"`

	// IncludePayload adds the raw event to each record, with all the personal data in
	// it. It is meant for debugging.
	IncludePayload bool `mapstructure:"include_payload"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var (
	_ component.Config  = (*Config)(nil)
	_ confmap.Validator = (*Config)(nil)
)

var errAuth = errors.New("auth: Sunshine Conversations sends no credential but the one in X-API-Key, and never again " +
	"what was answered with 401, so whatever an authenticator refuses, even for a moment, is lost; " +
	"remove auth, secrets are the credential, and give receivers that need auth another endpoint")

func createDefaultConfig() component.Config {
	config := &Config{Config: webhook.NewDefaultConfig("/sunshine-conversations")}
	// Sunshine Conversations waits 20 s for an answer.
	config.Config.Timeout = 15 * time.Second
	return config
}

// Validate tells which setting is wrong. The shared settings have a validation of
// their own, which the collector calls.
func (c *Config) Validate() error {
	errs := []error{webhook.ValidateSecrets("secrets", c.Secrets.List())}
	if c.Config.ServerConfig.Auth.HasValue() {
		errs = append(errs, errAuth)
	}
	return errors.Join(errs...)
}
