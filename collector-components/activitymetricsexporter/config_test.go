// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitymetricsexporter

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/metadata"
)

func load(t *testing.T, file, name string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", file))
	require.NoError(t, err)
	id := component.NewID(metadata.Type)
	if name != "" {
		id = component.NewIDWithName(metadata.Type, name)
	}
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
	cfg, err := load(t, "default.yaml", "")
	require.NoError(t, err)
	assert.Equal(t, createDefaultConfig(), cfg)
	assert.Equal(t, "localhost:9464", cfg.ServerConfig.NetAddr.Endpoint)

	want := createDefaultConfig().(*Config)
	want.ServerConfig.NetAddr.Endpoint = "localhost:9465"
	want.Products = []string{"shopify", "my-crm"}
	want.LateAfter = 30 * time.Minute
	want.MaxProducts = 10
	want.MaxActivityTypes = 5
	want.Deduplication.MaxActivities = 5000
	cfg, err = load(t, "all_settings.yaml", "")
	require.NoError(t, err)
	assert.Equal(t, want, cfg)
}

func TestBadConfigsNameTheSettingAndTheCure(t *testing.T) {
	for name, want := range map[string]string{
		"endpoint":           "endpoint is empty: set it to where Prometheus scrapes, or leave it out for localhost:9464",
		"late_after":         "late_after is 0s, it must be more than 0; leave it out for 1h0m0s",
		"max_products":       "max_products is 1001, it must be between 0 and 1000",
		"max_activity_types": "max_activity_types is -1, it must be between 0 and 100",
		"max_activities":     "deduplication: max_activities is 0, it must be between 1 and 10000000",
		"product_empty":      "products has an empty entry: name a product, such as shopify, or take it out",
		"product_twice":      `products has "shopify" twice: take one out`,
		"product_long":       "which cannot be a label: it must be UTF-8 of at most 128 bytes",
		"unknown":            "has invalid keys: path",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, "bad_settings.yaml", name)
			require.ErrorContains(t, err, want)
		})
	}
}

func TestKeepalive(t *testing.T) {
	cfg, err := load(t, "keepalive.yaml", "")
	require.NoError(t, err)
	assert.Equal(t, 20*time.Second, cfg.ServerConfig.Keepalive.Get().IdleTimeout, "confighttp reads its own section itself")
}

func TestProductsAreBounded(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.Products = make([]string, maxMaxProducts+1)
	require.ErrorContains(t, cfg.Validate(), "products has 1001 entries, there can be 1000 at most")
}
