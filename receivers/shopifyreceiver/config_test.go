// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/metadata"
)

func loadConfig(t *testing.T, file string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config", file))
	require.NoError(t, err)
	sub, err := conf.Sub(metadata.Type.String())
	require.NoError(t, err)
	config := createDefaultConfig().(*Config)
	return config, sub.Unmarshal(config)
}

func TestConfig(t *testing.T) {
	storage := component.MustNewIDWithName("file_storage", "state")
	tests := map[string]func(*Config){
		"default.yaml": func(*Config) {},
		"secrets_by_comma.yaml": func(c *Config) {
			c.Secrets = "the-secret,an-older-secret"
		},
		"all_settings.yaml": func(c *Config) {
			server := &c.Config.ServerConfig
			server.NetAddr.Endpoint = "0.0.0.0:8443"
			server.TLS = configoptional.Some(configtls.ServerConfig{Config: configtls.Config{CertFile: "server.crt", KeyFile: "server.key"}})
			server.MaxRequestBodySize = 1 << 20
			c.Config.Path = "/hooks/shopify"
			c.Config.Timeout = 3 * time.Second
			c.Config.Deduplication.Storage = &storage
			c.Config.Deduplication.TTL = 12 * time.Hour
			c.Config.Deduplication.MaxActivities = 1000
			c.Config.MinFreeDisk.Directory = "/var/lib/integrationlog"
			c.Config.MinFreeDisk.MiB = 512
			c.Secrets = "the-secret,an-older-secret"
			c.Topics = []string{"orders/create", "fulfillment*"}
			c.Headers = header.Names{
				Signature: "X-Relay-Signature", Topic: "X-Relay-Topic", ShopDomain: "X-Relay-Shop",
				WebhookID: "X-Relay-Id", TriggeredAt: "X-Relay-Time",
			}
			c.IncludePayload = true
		},
	}
	for file, change := range tests {
		t.Run(file, func(t *testing.T) {
			config, err := loadConfig(t, file)
			require.NoError(t, err)
			require.NoError(t, confmap.Validate(config))

			want := createDefaultConfig().(*Config)
			want.Secrets = "the-secret"
			change(want)
			require.Equal(t, want, config)
		})
	}
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

// TestConfigErrors wants each error once, with the name of the setting.
func TestConfigErrors(t *testing.T) {
	tests := map[string][]string{
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
	}
	for file, wants := range tests {
		t.Run(file, func(t *testing.T) {
			config, err := loadConfig(t, file)
			require.NoError(t, err)
			got := confmap.Validate(config)
			require.Error(t, got)
			for _, want := range wants {
				require.Equal(t, 1, strings.Count(got.Error(), want), "%s in\n%v", want, got)
			}
			require.NotContains(t, got.Error(), "the-secret")
		})
	}
	t.Run("unknown_setting.yaml", func(t *testing.T) {
		_, err := loadConfig(t, "unknown_setting.yaml")
		require.ErrorContains(t, err, "topic")
	})
}

// TestSecretsAreNotShown covers print-config, which marshals the configuration, and
// whoever prints it.
func TestSecretsAreNotShown(t *testing.T) {
	config, err := loadConfig(t, "all_settings.yaml")
	require.NoError(t, err)
	conf := confmap.New()
	require.NoError(t, conf.Marshal(config))

	printed := conf.ToStringMap()
	require.Equal(t, "[REDACTED]", printed["secrets"])
	for _, shown := range []string{fmt.Sprint(printed), fmt.Sprintf("%v %+v %#v", config, config, config)} {
		require.NotContains(t, shown, "the-secret")
		require.NotContains(t, shown, "an-older-secret")
	}
}
