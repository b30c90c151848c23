// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package redaction

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

// TestDocumentedSettings keeps docs/redaction.md and the tested settings the same.
func TestDocumentedSettings(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "redaction.md"))
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(page), "```yaml\n")
	require.True(t, found)
	documented, _, found := strings.Cut(rest, "```\n")
	require.True(t, found)

	tested, err := os.ReadFile(settingsFile)
	require.NoError(t, err)
	require.Equal(t, string(tested), documented)
}

// TestShippedSettings keeps the shipped configurations and the tested settings the
// same.
func TestShippedSettings(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "config", "*.yaml"))
	require.NoError(t, err)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			conf, err := confmaptest.LoadConf(file)
			require.NoError(t, err)
			if !conf.IsSet("service::pipelines") {
				return // Loki's own configuration, or what is added to another
			}
			require.Equal(t, settings(t), redactionConfig(t, conf))
		})
	}
}

// TestNoDollarSigns: the collector reads ${…} and $$ in its files, so that a pattern
// with a dollar sign might not be what it seems.
func TestNoDollarSigns(t *testing.T) {
	file, err := os.ReadFile(settingsFile)
	require.NoError(t, err)
	require.NotContains(t, string(file), "$")
}

func TestOnlySettingsThatThePageNames(t *testing.T) {
	cfg := settings(t)
	want := redactionprocessor.NewFactory().CreateDefaultConfig().(*redactionprocessor.Config)
	want.AllowAllKeys, want.Summary = true, "silent"
	want.IgnoredKeys, want.IgnoredKeyPatterns, want.BlockedValues = cfg.IgnoredKeys, cfg.IgnoredKeyPatterns, cfg.BlockedValues
	require.Equal(t, want, cfg)
	require.NotEmpty(t, cfg.BlockedValues)
}
