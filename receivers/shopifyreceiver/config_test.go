// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/metadata"
)

func TestConfig(t *testing.T) {
	webhooktest.Configs[Config]{
		Section: metadata.Type.String(),
		New:     createDefaultConfig,
		Valid: map[string]func(*Config){
			"default.yaml":          func(c *Config) { c.Secrets = "the-secret" },
			"secrets_by_comma.yaml": func(c *Config) { c.Secrets = "the-secret,an-older-secret" },
			"all_settings.yaml": func(c *Config) {
				webhooktest.SetAll(&c.Config)
				c.Config.Path = "/hooks/shopify"
				c.Config.Timeout = 3 * time.Second
				c.Secrets = "the-secret,an-older-secret"
				c.Topics = []string{"orders/create", "fulfillment*"}
				c.Headers = header.Names{
					Signature: "X-Relay-Signature", Topic: "X-Relay-Topic", ShopDomain: "X-Relay-Shop",
					WebhookID: "X-Relay-Id", TriggeredAt: "X-Relay-Time",
				}
				c.IncludePayload = true
			},
		},
		Invalid: map[string][]string{
			"no_secret.yaml":    {"secrets: at least one is needed; without a secret anybody could write to the log"},
			"empty_secret.yaml": {"secrets: number 2 is empty; is its environment variable set?"},
			"bad_path.yaml":     {`path: "shopify?x=1" must begin with a slash and have neither query nor fragment`},
			"bad_timeout.yaml":  {"timeout: 0s must be longer than 0"},
			"bad_endpoint.yaml": {`endpoint: must not be empty; the default is "localhost:8700"`},
			"bad_topic.yaml": {
				`topics: "" must be a topic's name, with an asterisk at most at its end`,
				`topics: "*/create" must be a topic's name, with an asterisk at most at its end`,
			},
			"bad_header.yaml": {
				`headers: topic: "X Relay Topic" is no name of a header`,
				`webhook_id: "" is no name of a header`,
			},
			"several_errors.yaml": {
				"secrets: at least one is needed", `topics: "a*b" must be`,
				"timeout: -1s must be longer than 0", "deduplication::ttl: 0s must be longer than 0",
			},
		},
		Unreadable: map[string]string{"unknown_setting.yaml": "topic"},
	}.Check(t)
}

func TestDefaultConfig(t *testing.T) {
	config := createDefaultConfig().(*Config)
	require.Equal(t, "localhost:8700", config.Config.ServerConfig.NetAddr.Endpoint)
	require.Equal(t, "/shopify", config.Config.Path)
	require.Equal(t, 4*time.Second, config.Config.Timeout, "Shopify waits 5 s")
	require.Greater(t, config.Config.Deduplication.TTL, 4*time.Hour, "Shopify retries for 4 h")
	require.EqualValues(t, 20<<20, config.Config.ServerConfig.MaxRequestBodySize)
	require.False(t, config.IncludePayload)
	require.Empty(t, config.Secrets, "nobody is let in without a secret")
	require.Error(t, confmap.Validate(config))
}
