// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/metadata"
)

func TestConfig(t *testing.T) {
	const auth = "auth: Sunshine Conversations sends no credential but the one in X-API-Key"
	webhooktest.Configs[Config]{
		Section: metadata.Type.String(),
		New:     createDefaultConfig,
		Valid: map[string]func(*Config){
			"default.yaml":          func(c *Config) { c.Secrets = "the-secret" },
			"secrets_by_comma.yaml": func(c *Config) { c.Secrets = "the-secret,an-older-secret" },
			"all_settings.yaml": func(c *Config) {
				webhooktest.SetAll(&c.Config)
				c.Config.Path = "/hooks/sunco"
				c.Config.Timeout = 10 * time.Second
				c.Secrets = "the-secret,an-older-secret"
				c.IncludeDeliveries = true
				c.IncludePayload = true
			},
		},
		Invalid: map[string][]string{
			"no_secret.yaml":      {"secrets: at least one is needed; without a secret anybody could write to the log"},
			"empty_secret.yaml":   {"secrets: number 2 is empty; is its environment variable set?"},
			"bad_path.yaml":       {`path: "hooks" must begin with a slash`},
			"auth.yaml":           {auth, "remove auth"},
			"several_errors.yaml": {"secrets: at least one is needed", auth, "timeout: -1s must be longer than 0", "deduplication::ttl: 0s must be longer than 0"},
		},
		Unreadable: map[string]string{"unknown_setting.yaml": "include_delivery"},
	}.Check(t)
}

func TestDefaultConfig(t *testing.T) {
	config := createDefaultConfig().(*Config)
	require.Equal(t, "localhost:8700", config.Config.ServerConfig.NetAddr.Endpoint)
	require.Equal(t, "/sunshine-conversations", config.Config.Path)
	require.Equal(t, 15*time.Second, config.Config.Timeout, "Sunshine Conversations waits 20 s")
	require.Greater(t, config.Config.Deduplication.TTL, 15*time.Minute, "it retries for 15 min")
	require.False(t, config.IncludeDeliveries)
	require.False(t, config.IncludePayload)
	require.Empty(t, config.Secrets, "nobody is let in without a secret")
	require.Error(t, confmap.Validate(config))
}
