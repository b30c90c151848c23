// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver"

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/internal/webhook"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
)

// Config configures the receiver.
type Config struct {
	// Config is what all webhook receivers share.
	Config webhook.Config `mapstructure:",squash"`

	// Secrets are the client secrets of the apps, or the signing secret of a store,
	// that sign the webhooks: a list, or one string with commas. Any of them may match,
	// so that one can be rotated.
	Secrets webhook.Secrets `mapstructure:"secrets"`

	// Topics limits what is logged: exact names ("orders/create"), or beginnings
	// that end in an asterisk ("fulfillment*"). Empty means all. What is left out is
	// answered with 200 and counted.
	Topics []string `mapstructure:"topics"`

	// Headers are the names under which a relay in front passes on what Shopify's
	// own headers say.
	Headers header.Names `mapstructure:"headers"`

	// IncludePayload adds the raw payload to each record, with all the personal data
	// in it. It is meant for debugging.
	IncludePayload bool `mapstructure:"include_payload"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var (
	_ component.Config  = (*Config)(nil)
	_ confmap.Validator = (*Config)(nil)
)

func createDefaultConfig() component.Config {
	config := &Config{
		Config:  webhook.NewDefaultConfig("/shopify"),
		Headers: header.DefaultNames(),
	}
	// Shopify waits 5 s for an answer.
	config.Config.Timeout = 4 * time.Second
	return config
}

// Validate tells which setting is wrong. The shared settings and the names of the
// headers have a validation of their own, which the collector calls.
func (c *Config) Validate() error {
	errs := []error{webhook.ValidateSecrets("secrets", c.Secrets.List())}
	for _, topic := range c.Topics {
		if i := strings.IndexByte(topic, '*'); topic == "" || i >= 0 && i < len(topic)-1 {
			errs = append(errs, fmt.Errorf("topics: %q must be a topic's name, with an asterisk at most at its end", topic))
		}
	}
	return errors.Join(errs...)
}
