// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func load(t *testing.T, file string) *Config {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", file))
	require.NoError(t, err)
	sub, err := conf.Sub("severity")
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, sub.Unmarshal(cfg))
	return cfg
}

func TestConfig(t *testing.T) {
	tests := map[string]*Config{
		"default.yaml": {DefaultStatus: activity.Info},
		"mapping.yaml": {
			DefaultStatus: activity.Warning,
			Mapping: map[string]activity.Status{
				"throttled": activity.Error,
				"Parqué_":   activity.Debug,
				"404":       activity.Info,
				"30":        activity.Info,
				"warning":   activity.Warning,
			},
		},
	}
	for file, want := range tests {
		t.Run(file, func(t *testing.T) {
			cfg := load(t, file)
			require.NoError(t, confmap.Validate(cfg))
			require.Equal(t, want, cfg)
		})
	}
}

func TestConfigErrors(t *testing.T) {
	tests := map[string][]string{
		"invalid_default_status.yaml":  {`default_status: "warn" is no status, use debug, info, warning or error`},
		"empty_default_status.yaml":    {`default_status: "" is no status`},
		"invalid_mapping_status.yaml":  {`mapping: "parked" maps to "notice", which is no status`},
		"empty_mapping_word.yaml":      {`mapping: the word " _-" is empty`},
		"same_mapping_word_twice.yaml": {`mapping: "Client_Error" and "client error" are the same word, "client error": remove one of them`},
		"canonical_mapping_word.yaml":  {`mapping: "Warning" is one of the four statuses and stays what it is`},
		"long_mapping_word.yaml":       {`has 70 bytes, and no word longer than 64 is looked up`},
		"several_errors.yaml":          {`default_status: "fatal"`, `mapping: "parked"`, `mapping: the word "" is empty`},
	}
	for file, want := range tests {
		t.Run(file, func(t *testing.T) {
			err := confmap.Validate(load(t, file))
			for _, message := range want {
				require.ErrorContains(t, err, message)
			}
		})
	}
}

func TestUnknownSettingIsRefused(t *testing.T) {
	conf := confmap.NewFromStringMap(map[string]any{"default": "info"})
	require.ErrorContains(t, conf.Unmarshal(createDefaultConfig()), "default")
}
