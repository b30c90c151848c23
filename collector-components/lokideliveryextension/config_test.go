// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension

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
	queue := component.MustNewIDWithName("queue_storage", "loki")
	for file, want := range map[string]*Config{
		"minimal.yaml": {
			InDoubt:         "lookup",
			InDoubtPatience: 5 * time.Minute,
			DeadLetter:      DeadLetterConfig{Directory: "/var/lib/integrationlog/dead-letter", MaxSizeMiB: 64, MaxFiles: 16},
		},
		"all_settings.yaml": {
			QueueStorage:    &queue,
			QueryEndpoint:   "https://loki.example.com/tenant",
			InDoubt:         "lookup",
			InDoubtPatience: time.Minute,
			SharedSources:   true,
			DeadLetter:      DeadLetterConfig{Directory: "/tmp/dead-letter", MaxSizeMiB: 8, MaxFiles: 3, DeleteOldest: true},
		},
	} {
		cfg, err := load(t, file)
		require.NoError(t, err, file)
		assert.Equal(t, want, cfg, file)
	}
}

func TestBadConfigsNameTheSetting(t *testing.T) {
	for file, want := range map[string]string{
		"bad_no_directory.yaml":    "dead_letter: directory must be set",
		"bad_in_doubt.yaml":        "in_doubt must be lookup or send",
		"bad_shared_sources.yaml":  "shared_sources needs in_doubt: lookup",
		"bad_patience.yaml":        "in_doubt_patience must not be negative",
		"bad_query_endpoint.yaml":  "query_endpoint must be a URL",
		"bad_max_size.yaml":        "max_size_mib must be between 1 and",
		"bad_max_files.yaml":       "max_files must be positive",
		"bad_unknown_setting.yaml": "dead_leter",
	} {
		_, err := load(t, file)
		require.ErrorContains(t, err, want, file)
	}
}
