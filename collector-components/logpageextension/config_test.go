// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/metadata"
)

func load(t *testing.T, file, name string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", file))
	require.NoError(t, err)
	id := component.NewIDWithName(metadata.Type, name)
	require.True(t, conf.IsSet(id.String()), id)
	sub, err := conf.Sub(id.String())
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := sub.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestGoodConfigs(t *testing.T) {
	for _, name := range []string{"loopback", "behind_a_proxy", "with_passwords"} {
		_, err := load(t, "good_settings.yaml", name)
		require.NoError(t, err, name)
	}
	cfg, err := load(t, "good_settings.yaml", "default")
	require.NoError(t, err)
	assert.Equal(t, createDefaultConfig(), cfg)
	assert.Equal(t, "localhost:8080", cfg.ServerConfig.NetAddr.Endpoint)
	assert.Equal(t, "http://127.0.0.1:3100", cfg.Loki.Endpoint)

	cfg, err = load(t, "good_settings.yaml", "all")
	require.NoError(t, err)
	assert.Equal(t, "0.0.0.0:8443", cfg.ServerConfig.NetAddr.Endpoint)
	assert.Equal(t, "basicauth", cfg.ServerConfig.Auth.Get().Config.AuthenticatorID.String())
	assert.Equal(t, []string{"log.example.com", "10.0.0.7", "fd00::7"}, cfg.AllowedHosts)
	assert.Equal(t, "X-Auth-Request-Email", cfg.ProxyAuth.Get().Header)
	assert.Equal(t, []string{"10.0.0.0/24", "fd00::/64", "192.0.2.7"}, cfg.ProxyAuth.Get().TrustedProxies)
	assert.Equal(t, 10*time.Second, cfg.ServerConfig.WriteTimeout)
	assert.Equal(t, 5*time.Second, cfg.Loki.Timeout)
	tenant, _ := cfg.Loki.Headers.Get("X-Scope-OrgID")
	assert.Equal(t, "tenant", string(tenant))
	assert.Equal(t, LinksConfig{Zendesk: "https://acme.zendesk.com", Salesforce: "https://acme.my.salesforce.com"}, cfg.Links)
	assert.Equal(t, map[string][]string{"shopify": {"SHOPIFY_WEBHOOK_SECRET"}}, cfg.ProductsOff)
	assert.Equal(t, []component.ID{component.MustNewID("basicauth"), component.MustNewID("oauth2client")}, (&logPage{config: cfg}).Dependencies())

	cfg, err = load(t, "good_settings.yaml", "behind_a_proxy")
	require.NoError(t, err)
	assert.Equal(t, "X-Forwarded-User", cfg.ProxyAuth.Get().Header, "the default")
}

func TestBadConfigsNameTheSettingAndTheCure(t *testing.T) {
	const open = "whoever does would read the log: set auth to an authenticator such as basicauth, or proxy_auth where people log in at a proxy, or listen on localhost:8080"
	for name, want := range map[string]string{
		"open":                  "endpoint 0.0.0.0:8080 can be reached by other machines, and " + open,
		"open_everywhere":       open,
		"open_by_name":          open,
		"no_endpoint":           "endpoint is empty: set it to where the page is served, or leave it out for localhost:8080",
		"no_port":               `endpoint is "localhost", it must be a host and a port such as localhost:8080`,
		"socket":                `transport is "unix", but browsers need tcp: leave it out`,
		"proxy_of_nobody":       "proxy_auth: trusted_proxies is empty: list the addresses",
		"proxy_of_everybody":    `trusted_proxies has "0.0.0.0/0", which is everybody`,
		"proxy_of_everybody_v6": `trusted_proxies has "::/0", which is everybody`,
		"proxy_by_name":         `trusted_proxies has "proxy.example.com": it must be an address or a network such as 10.0.0.0/24`,
		"proxy_header":          `header is "X User:": set it to the header`,
		"host_with_port":        `allowed_hosts has "log.example.com:443": it must be a name or an address`,
		"host_with_scheme":      "without scheme and port",
		"host_wildcard":         `allowed_hosts has "*"`,
		"host_empty":            `allowed_hosts has ""`,
		"cors":                  "cors would let other sites read the log in a reader's browser: take it out",
		"read_timeout":          "read_timeout would end live tails and exports: take it out",
		"write_timeout":         "write_timeout is 0s, it must be more than 0; leave it out for 30s",
		"loki_empty":            "loki::endpoint is \"\", it must be Loki's base URL, such as http://127.0.0.1:3100",
		"loki_no_url":           "loki::endpoint is no valid URL: it must be Loki's base URL",
		"loki_query":            "it must be Loki's base URL",
		"loki_password":         "loki::endpoint has a user and password: name an authenticator in loki::auth instead",
		"loki_bad_password":     "loki::endpoint is no valid URL",
		"loki_timeout":          "loki::timeout is 0s, it must be more than 0; leave it out for 30s",
		"unknown":               "has invalid keys: title",
		"unknown_of_loki":       "has invalid keys: tenant",
		"unknown_of_proxy":      "has invalid keys: whitelist",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, "bad_settings.yaml", name)
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "canary")
		})
	}
}
