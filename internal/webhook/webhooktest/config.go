// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

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

	"github.com/integrationlog/integrationlog/internal/webhook"
)

// The secrets in the files of testdata/config. None of them may be shown.
const (
	configSecret      = "the-secret"
	configOlderSecret = "an-older-secret"
)

// Configs checks what a receiver makes of the files in testdata/config. C is its
// configuration.
type Configs[C any] struct {
	// Section is what the receiver's part of a file is called.
	Section string
	// New returns the configuration that a receiver begins with.
	New func() component.Config
	// Valid says of a file what differs from that.
	Valid map[string]func(*C)
	// Invalid says of a file which errors it has, each once, with the name of the setting.
	Invalid map[string][]string
	// Unreadable says of a file what is not even read.
	Unreadable map[string]string
}

// Check checks all files. One of the valid ones is all_settings.yaml, which has secrets.
func (c Configs[C]) Check(t *testing.T) {
	t.Helper()
	for file, change := range c.Valid {
		t.Run(file, func(t *testing.T) {
			config, err := c.load(t, file)
			require.NoError(t, err)
			require.NoError(t, confmap.Validate(config))
			want := c.New().(*C)
			change(want)
			require.Equal(t, want, config)
		})
	}
	for file, wants := range c.Invalid {
		t.Run(file, func(t *testing.T) {
			config, err := c.load(t, file)
			require.NoError(t, err)
			got := confmap.Validate(config)
			require.Error(t, got)
			for _, want := range wants {
				require.Equal(t, 1, strings.Count(got.Error(), want), "%s in\n%v", want, got)
			}
			require.NotContains(t, got.Error(), configSecret)
		})
	}
	for file, want := range c.Unreadable {
		t.Run(file, func(t *testing.T) {
			_, err := c.load(t, file)
			require.ErrorContains(t, err, want)
			require.NotContains(t, err.Error(), configSecret)
		})
	}
	t.Run("secrets are not shown", c.checkSecrets)
}

func (c Configs[C]) load(t *testing.T, file string) (*C, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config", file))
	require.NoError(t, err)
	sub, err := conf.Sub(c.Section)
	require.NoError(t, err)
	config := c.New().(*C)
	return config, sub.Unmarshal(config)
}

// checkSecrets covers print-config, which marshals the configuration, and whoever prints
// it.
func (c Configs[C]) checkSecrets(t *testing.T) {
	config, err := c.load(t, "all_settings.yaml")
	require.NoError(t, err)
	conf := confmap.New()
	require.NoError(t, conf.Marshal(config))

	printed := conf.ToStringMap()
	require.Equal(t, "[REDACTED]", printed["secrets"])
	for _, shown := range []string{fmt.Sprint(printed), fmt.Sprintf("%v %+v %#v", config, config, config)} {
		require.NotContains(t, shown, configSecret)
		require.NotContains(t, shown, configOlderSecret)
	}
}

// SetAll is what every all_settings.yaml has of the settings that all receivers share,
// but for path and timeout.
func SetAll(shared *webhook.Config) {
	storage := component.MustNewIDWithName("file_storage", "state")
	server := &shared.ServerConfig
	server.NetAddr.Endpoint = "0.0.0.0:8443"
	server.TLS = configoptional.Some(configtls.ServerConfig{Config: configtls.Config{CertFile: "server.crt", KeyFile: "server.key"}})
	server.MaxRequestBodySize = 1 << 20
	shared.Deduplication.Storage = &storage
	shared.Deduplication.TTL = 12 * time.Hour
	shared.Deduplication.MaxActivities = 1000
	shared.MinFreeDisk.Directory = "/var/lib/integrationlog"
	shared.MinFreeDisk.MiB = 512
}
