// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiconfig

import (
	"flag"
	"testing"
	"time"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/grafana/loki/v3/pkg/validation"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v2"
)

const minimal = `
common:
  path_prefix: /data
  ring: {kvstore: {store: inmemory}}
schema_config:
  configs: [{from: 2024-01-01, store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]
`

func TestLoad(t *testing.T) {
	before := countFlags()
	loaded, err := Load("test.yaml", []byte(minimal+"limits_config: {retention_period: 48h}\n"), nil)
	require.NoError(t, err)
	assert.Equal(t, "/data/wal", loaded.Ingester.WAL.Dir, "derived from the common section")
	assert.Equal(t, model.Duration(48*time.Hour), loaded.LimitsConfig.RetentionPeriod)
	assert.Equal(t, 256<<10, loaded.LimitsConfig.MaxLineSize.Val(), "Loki's own default")
	assert.NotNil(t, loaded.LimitsConfig.OTLPConfig)
	assert.Equal(t, before, countFlags(), "the flags of this process are left alone")
}

func countFlags() (n int) {
	flag.VisitAll(func(*flag.Flag) { n++ })
	return n
}

func TestLoadWithOverride(t *testing.T) {
	loaded, err := Load("test.yaml", []byte(minimal), func(c *loki.ConfigWrapper) {
		c.Common.PathPrefix = "/elsewhere"
	})
	require.NoError(t, err)
	assert.Equal(t, "/elsewhere", loaded.Common.PathPrefix)
	assert.Equal(t, "/elsewhere/wal", loaded.Ingester.WAL.Dir, "derived from the override")
}

func TestLoadErrors(t *testing.T) {
	tests := map[string]struct{ text, message string }{
		"not YAML":      {"common: [", "line 1"},
		"unknown key":   {"auth_enabled: false\n\nserver:\n  port: 1\n", "line 4: field port not found"},
		"wrong type":    {"auth_enabled: [1]\n", "line 1"},
		"empty":         {"", "refused by Loki"},
		"invalid value": {minimal + "limits_config: {deletion_mode: never}\n", "deletion mode"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Load("test.yaml", []byte(test.text), nil)
			require.ErrorContains(t, err, "test.yaml")
			require.ErrorContains(t, err, test.message)
		})
	}
}

// Reading a configuration, to validate it, does not change the Loki that runs, nor
// does the Loki that runs change what is read.
func TestLoadBesideALokiThatRuns(t *testing.T) {
	inUse, err := Load("in use", []byte(minimal+"limits_config: {max_query_series: 7}\n"), nil)
	require.NoError(t, err)
	UseLimits(inUse)

	other, err := Load("other", []byte(minimal), nil)
	require.NoError(t, err)
	assert.Equal(t, 500, other.LimitsConfig.MaxQuerySeries)

	// As Loki reads the overrides of a tenant.
	var overrides validation.Limits
	require.NoError(t, yaml.Unmarshal([]byte("max_entries_limit_per_query: 1"), &overrides))
	assert.Equal(t, 7, overrides.MaxQuerySeries)
}
