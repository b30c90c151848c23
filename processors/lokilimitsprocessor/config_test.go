// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/metadata"
)

func loadConfig(t *testing.T, file, id string) *Config {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", file))
	require.NoError(t, err)
	sub, err := conf.Sub(id)
	require.NoError(t, err)
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, sub.Unmarshal(cfg))
	return cfg.(*Config)
}

func TestConfig(t *testing.T) {
	tests := map[string]*Config{
		"default.yaml": {
			MaxAge:          168 * time.Hour,
			MaxAhead:        5 * time.Minute,
			MaxLineSize:     261120,
			MaxMetadataSize: 65536,
			MaxAttributes:   112,
			MaxProducts:     25,
		},
		"all_options.yaml": {
			MaxAge:          72 * time.Hour,
			MaxAhead:        time.Minute,
			MaxLineSize:     65536,
			MaxMetadataSize: 40000,
			MaxAttributes:   100,
			MaxProducts:     10,
		},
	}
	for file, want := range tests {
		t.Run(file, func(t *testing.T) {
			cfg := loadConfig(t, file, component.NewID(metadata.Type).String())
			require.Equal(t, want, cfg)
			require.NoError(t, confmap.Validate(cfg))
		})
	}
}

func TestBadConfigNamesTheOptionAndTheBound(t *testing.T) {
	tests := map[string]string{
		"max_age":                 "max_age is 0s, it must be more than 0",
		"max_ahead":               "max_ahead is 10m0s, it must be at least 0 and below Loki's creation_grace_period of 10m0s",
		"max_ahead_negative":      "max_ahead is -1s",
		"max_line_size":           "max_line_size is 262145, it must be between 1024 and 262144",
		"max_line_size_small":     "max_line_size is 1023",
		"max_metadata_size":       "max_metadata_size is 65537, it must be between 32768 and 65536",
		"max_metadata_size_small": "max_metadata_size is 32767",
		"max_attributes":          "max_attributes is 113, it must be between 64 and 112",
		"max_attributes_small":    "max_attributes is 63",
		"max_products":            "max_products is 1001, it must be between 0 and 1000",
		"max_products_negative":   "max_products is -1",
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := loadConfig(t, "bad_options.yaml", component.NewIDWithName(metadata.Type, name).String())
			require.ErrorContains(t, confmap.Validate(cfg), want)
		})
	}
}

func TestUnknownOption(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "unknown_option.yaml"))
	require.NoError(t, err)
	sub, err := conf.Sub("loki_limits")
	require.NoError(t, err)
	require.ErrorContains(t, sub.Unmarshal(NewFactory().CreateDefaultConfig()), "max_lines")
}
