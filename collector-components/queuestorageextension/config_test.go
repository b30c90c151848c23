// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func load(t *testing.T, file string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", file))
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestGoodConfigs(t *testing.T) {
	for file, want := range map[string]*Config{
		"minimal.yaml": {
			Storage:       component.MustNewID("file_storage"),
			FlushInterval: time.Second,
			MaxPending:    1000,
			CacheSizeMiB:  8,
		},
		"all_settings.yaml": {
			Storage:            component.MustNewIDWithName("file_storage", "queue"),
			FlushInterval:      500 * time.Millisecond,
			MaxPending:         50,
			CacheSizeMiB:       2,
			RequeueQuarantined: true,
		},
	} {
		cfg, err := load(t, file)
		require.NoError(t, err, file)
		assert.Equal(t, want, cfg, file)
	}
}

func TestBadConfigsNameTheSetting(t *testing.T) {
	for file, want := range map[string]string{
		"bad_no_storage.yaml":      "storage must be set",
		"bad_flush_interval.yaml":  "flush_interval must be positive",
		"bad_max_pending.yaml":     "max_pending must be positive",
		"bad_cache_size.yaml":      "cache_size_mib must be between 1 and",
		"bad_unknown_setting.yaml": "storrage",
	} {
		_, err := load(t, file)
		require.ErrorContains(t, err, want, file)
	}
}
