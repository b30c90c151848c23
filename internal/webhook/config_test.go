// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

// receiverConfig is what a receiver makes of Config.
type receiverConfig struct {
	Config  Config  `mapstructure:",squash"`
	Secrets Secrets `mapstructure:"secrets"`
}

func (c *receiverConfig) Validate() error { return ValidateSecrets("secrets", c.Secrets.List()) }

func load(t *testing.T, name string) (*receiverConfig, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", name+".yaml"))
	require.NoError(t, err)
	config := &receiverConfig{Config: NewDefaultConfig("/fake"), Secrets: "default"}
	if err := conf.Unmarshal(config); err != nil {
		return nil, err
	}
	return config, confmap.Validate(config)
}

func TestConfigFollowsTheCollectorsRules(t *testing.T) {
	require.NoError(t, componenttest.CheckConfigStruct(&receiverConfig{}))
}

func TestDefaultConfig(t *testing.T) {
	config, err := load(t, "default")
	require.NoError(t, err)
	assert.Equal(t, NewDefaultConfig("/fake"), config.Config)
	assert.Equal(t, DefaultEndpoint, config.Config.ServerConfig.NetAddr.Endpoint)
	assert.Equal(t, "/fake", config.Config.Path)
	assert.EqualValues(t, 20<<20, config.Config.ServerConfig.MaxRequestBodySize)
	assert.Equal(t, 24*time.Hour, config.Config.Deduplication.TTL)
}

func TestFullConfig(t *testing.T) {
	config, err := load(t, "full")
	require.NoError(t, err)

	want := NewDefaultConfig("/hooks/fake")
	want.ServerConfig.NetAddr.Endpoint = "0.0.0.0:9000"
	want.ServerConfig.MaxRequestBodySize = 1 << 20
	want.ServerConfig.CompressionAlgorithms = []string{"", "gzip"}
	want.ServerConfig.ReadHeaderTimeout = 3 * time.Second
	want.ServerConfig.WriteTimeout = 10 * time.Second
	want.ServerConfig.Keepalive.GetOrInsertDefault().IdleTimeout = 20 * time.Second
	tls := configtls.NewDefaultServerConfig()
	tls.CertFile, tls.KeyFile = "server.crt", "server.key"
	want.ServerConfig.TLS = configoptional.Some(tls)
	want.Timeout = 2 * time.Second
	storage := component.MustNewIDWithName("file_storage", "queue")
	want.Deduplication.Storage = &storage
	want.Deduplication.TTL = 48 * time.Hour
	want.Deduplication.MaxActivities = 1000
	want.MinFreeDisk.Directory = "/var/lib/integrationlog"
	want.MinFreeDisk.MiB = 512
	assert.Equal(t, want, config.Config)
	assert.Equal(t, Secrets("new,old"), config.Secrets)
}

// Whoever reads the error has to see which setting is meant, and what it should be.
func TestErrorsNameTheSetting(t *testing.T) {
	tests := map[string][]string{
		"bad_endpoint":              {`endpoint: must not be empty; the default is "localhost:8700"`},
		"bad_path":                  {`path: "shopify" must begin with a slash`},
		"bad_path_query":            {`path: "/shopify?token=x" must begin with a slash and have neither query`},
		"bad_path_fragment":         {`path: "/shopify#top"`, "nor fragment"},
		"bad_path_encoded":          {`path: "/shop%20ify"`, "nor percent-encoding"},
		"bad_path_address":          {`path: "https://example.com/shopify" must begin with a slash`},
		"bad_timeout":               {"timeout: 0s must be longer than 0"},
		"bad_timeout_write":         {"timeout: 30s must be shorter than write_timeout, 30s"},
		"bad_max_request_body_size": {"max_request_body_size: -1 must be more than 0"},
		"bad_compression":           {`compression_algorithms: "zstd" is not supported`, `"gzip"`},
		"bad_ttl":                   {"deduplication::ttl: -1h0m0s must be longer than 0"},
		"bad_max_activities":        {"deduplication::max_activities: 0 must be more than 0"},
		"bad_everything": {
			"endpoint:", "path:", "timeout:", "max_request_body_size:", "compression_algorithms:",
			"deduplication::ttl:", "deduplication::max_activities:", "secrets: number 2 is empty",
		},
		"unknown_option":        {"endpont"},
		"unknown_option_nested": {"deduplication", "storag"},
		"wrong_type":            {"min_free_disk", "mib"},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, name)
			require.Error(t, err)
			for _, text := range want {
				assert.ErrorContains(t, err, text)
			}
		})
	}
}

// A setting without a value keeps its default, as everywhere in the collector.
func TestSettingWithoutAValue(t *testing.T) {
	config, err := load(t, "no_secrets")
	require.NoError(t, err)
	assert.Equal(t, Secrets("default"), config.Secrets)
}

func TestKeepaliveIsUnderstood(t *testing.T) {
	config := &receiverConfig{Config: NewDefaultConfig("/fake")}
	require.NoError(t, resolve(t, "keepalive: {enabled: false}").Unmarshal(config))
	assert.False(t, config.Config.ServerConfig.Keepalive.HasValue())
}

func TestMinFreeDiskHasNoUpperBound(t *testing.T) {
	g := newDiskGuard(MinFreeDiskConfig{Directory: "/", MiB: math.MaxUint64})
	require.Error(t, g.check(time.Now()))
}
