// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"

	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/metadata"
)

func loadConfig(t *testing.T, file string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config", file+".yaml"))
	require.NoError(t, err)
	sub, err := conf.Sub(metadata.Type.String())
	require.NoError(t, err)
	config := createDefaultConfig().(*Config)
	return config, sub.Unmarshal(config)
}

func TestConfig(t *testing.T) {
	tests := map[string]func(*Config){
		"default": func(*Config) {},
		"legacy": func(c *Config) {
			c.ClientID, c.ClientSecret = "", ""
			c.Email, c.APIToken = "log@acme.example", "the-secret"
		},
		"all_settings": func(c *Config) {
			c.Scopes = []string{"read"}
			c.TLS.CAFile = "/etc/ssl/proxy.crt"
			c.Storage = &storageID
			c.PollInterval, c.InitialLookback, c.Overlap, c.Timeout = 2*time.Minute, 24*time.Hour, 5*time.Minute, 10*time.Second
			c.IncludePayload = true
		},
	}
	for file, change := range tests {
		t.Run(file, func(t *testing.T) {
			config, err := loadConfig(t, file)
			require.NoError(t, err)
			require.NoError(t, confmap.Validate(config))
			want := createDefaultConfig().(*Config)
			want.Endpoint, want.ClientID, want.ClientSecret = "https://acme.zendesk.com", "integration_log", "the-secret"
			change(want)
			assert.Equal(t, want, config)
		})
	}
}

func TestDefaultConfig(t *testing.T) {
	config := createDefaultConfig().(*Config)
	assert.Equal(t, time.Minute, config.PollInterval)
	assert.Equal(t, 7*24*time.Hour, config.InitialLookback)
	assert.Equal(t, []string{"webhooks:read"}, config.Scopes)
	assert.False(t, config.IncludePayload)
	require.Error(t, confmap.Validate(config))
}

// TestConfigErrors wants each error once, with the name of the setting.
func TestConfigErrors(t *testing.T) {
	tests := map[string][]string{
		"no_credentials":   {"client_id: an OAuth client is needed"},
		"both_credentials": {"client_id: an OAuth client and an API token are given"},
		"no_secret":        {"client_secret: is missing"},
		"no_client_id":     {"client_id: is missing"},
		"no_token":         {"api_token: is missing"},
		"no_email":         {"email: is missing"},
		"no_endpoint":      {"endpoint: must not be empty"},
		"several_errors": {
			"endpoint: \"http://acme.zendesk.com\" must begin with https://", "client_id: an OAuth client is needed", "poll_interval: 1s must be at least 10s",
			"initial_lookback: 169h0m0s must be", "overlap: 0s must be", "timeout: 0s must be", "include_payload: needs attempts::enabled", "tls: insecure",
		},
	}
	for file, wants := range tests {
		t.Run(file, func(t *testing.T) {
			config, err := loadConfig(t, file)
			require.NoError(t, err)
			got := confmap.Validate(config)
			require.Error(t, got)
			for _, want := range wants {
				assert.Equal(t, 1, strings.Count(got.Error(), want), "%s in\n%v", want, got)
			}
			assert.NotContains(t, got.Error(), "the-secret")
		})
	}
	t.Run("unknown_setting", func(t *testing.T) {
		_, err := loadConfig(t, "unknown_setting")
		require.ErrorContains(t, err, "interval")
	})
}

// A secret of digits, or one that YAML would take for something else, stays as it is.
func TestSecretsFromTheEnvironment(t *testing.T) {
	for _, secret := range []string{"0123", "1e10", "null", "true", "0x1F", "1234567890123456", "~", "a: b", "[x]", "{x}", "#x", "'x'", "a,b", "x$y"} {
		t.Setenv("ZENDESK_CLIENT_SECRET_OF_TEST", secret)
		t.Setenv("ZENDESK_CLIENT_ID_OF_TEST", "0042")
		resolver, err := confmap.NewResolver(confmap.ResolverSettings{
			URIs:              []string{"yaml:{endpoint: https://acme.zendesk.com, client_id: '${env:ZENDESK_CLIENT_ID_OF_TEST}', client_secret: '${env:ZENDESK_CLIENT_SECRET_OF_TEST}'}"},
			ProviderFactories: []confmap.ProviderFactory{envprovider.NewFactory(), yamlprovider.NewFactory()},
		})
		require.NoError(t, err)
		conf, err := resolver.Resolve(t.Context())
		require.NoError(t, err)
		config := createDefaultConfig().(*Config)
		require.NoError(t, conf.Unmarshal(config), secret)
		assert.Equal(t, secret, string(config.ClientSecret))
		assert.Equal(t, "0042", config.ClientID)
	}
}

// TestSecretsAreNotShown covers print-config, which marshals the configuration, and
// whoever prints it.
func TestSecretsAreNotShown(t *testing.T) {
	for _, file := range []string{"all_settings", "legacy"} {
		config, err := loadConfig(t, file)
		require.NoError(t, err)
		conf := confmap.New()
		require.NoError(t, conf.Marshal(config))
		for _, shown := range []string{fmt.Sprint(conf.ToStringMap()), fmt.Sprintf("%v %+v %#v", config, config, config)} {
			assert.NotContains(t, shown, "the-secret")
		}
	}
}

func TestAccount(t *testing.T) {
	for address, want := range map[string]string{
		"https://acme.zendesk.com": "acme", "https://acme.zendesk.com:443": "acme", "https://support.acme.example": "support.acme.example", "http://127.0.0.1:80": "127.0.0.1",
	} {
		base, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, want, accountOf(base))
	}
}
