// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"maps"
	"os"
	"testing"
	"time"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v2"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokiconfig"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// standaloneFile is the configuration for a Loki that runs elsewhere.
const standaloneFile = "../../../config/loki.yaml"

func loadLokiFile(t *testing.T, name string) *loki.ConfigWrapper {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	loaded, err := lokiconfig.Load(name, text, nil)
	require.NoError(t, err)
	return loaded
}

// The record means the same to both Lokis: what is refused, what is a label, what is
// shown and what is deleted.
func TestStandaloneFileAgreesWithTheBuiltinOne(t *testing.T) {
	builtinConfig, standalone := loadLokiFile(t, "loki.yaml"), loadLokiFile(t, standaloneFile)

	// Bounds for queries that share the memory of this process.
	ours := []string{"max_query_parallelism", "tsdb_max_query_parallelism", "split_queries_by_interval", "split_instant_metric_queries_by_interval"}
	want, got := limits(t, builtinConfig), limits(t, standalone)
	for _, name := range ours {
		require.Contains(t, want, name)
		delete(want, name)
		delete(got, name)
	}
	assert.Equal(t, want, got, "limits_config")

	assert.Equal(t, builtinConfig.SchemaConfig, standalone.SchemaConfig)
	assert.Equal(t, builtinConfig.Ingester.QueryStoreMaxLookBackPeriod, standalone.Ingester.QueryStoreMaxLookBackPeriod)
	assert.Equal(t, builtinConfig.Ingester.MaxChunkAge, standalone.Ingester.MaxChunkAge, "the length of a time shard")
	assert.Equal(t, builtinConfig.Ingester.BlockSize, standalone.Ingester.BlockSize)
	assert.Equal(t, builtinConfig.Ingester.TargetChunkSize, standalone.Ingester.TargetChunkSize)
	assert.Equal(t, builtinConfig.Querier.QueryIngestersWithin, standalone.Querier.QueryIngestersWithin)
	assert.Equal(t, builtinConfig.Querier.MaxConcurrent, standalone.Querier.MaxConcurrent)
	assert.Equal(t, builtinConfig.Analytics.Enabled, standalone.Analytics.Enabled)
	for _, c := range []*loki.ConfigWrapper{builtinConfig, standalone} {
		assert.True(t, c.CompactorConfig.RetentionEnabled)
		assert.Equal(t, 24*time.Hour, c.CompactorConfig.DeleteRequestCancelPeriod)
		assert.False(t, c.QueryRange.CacheResults)
		assert.Less(t, c.LimitsConfig.TSDBMaxQueryParallelism, c.Querier.MaxConcurrent, "one query leaves workers to others")
		assert.False(t, c.Analytics.Enabled)
	}
}

// limits returns limits_config as it is in effect, defaults included.
func limits(t *testing.T, c *loki.ConfigWrapper) map[string]any {
	t.Helper()
	text, err := yaml.Marshal(c.LimitsConfig)
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, yaml.Unmarshal(text, &all))
	return all
}

func TestStandaloneFileRuns(t *testing.T) {
	cfg := testConfig("not used")
	cfg.ConfigFile = ownConfigFile(t, standaloneFile, t.TempDir())
	_, client := startLoki(t, cfg)
	records := []activity.Activity{happened("live", 0), happened("late", 6*day+23*time.Hour), happened("yesterday", 30*time.Hour)}
	for range 2 {
		client.push(t, records...)
		assert.ElementsMatch(t, idsOf(records), client.ids(t, all))
		assert.Equal(t, len(records), client.count(t))
	}
	assert.ElementsMatch(t, []string{"product", "service_name", "service_namespace", "status", "__time_shard__"}, client.labels(t))
}

// What the comment at the end of the file says to change makes a configuration that
// Loki takes.
func TestStandaloneFileWithAnObjectStore(t *testing.T) {
	text, err := os.ReadFile(standaloneFile)
	require.NoError(t, err)
	var file map[string]any
	require.NoError(t, yaml.Unmarshal(text, &file))
	section := func(name string) map[any]any { return file[name].(map[any]any) }

	section("common")["storage"] = map[string]any{"s3": map[string]any{"bucketnames": "log", "region": "eu-central-1"}}
	periods := section("schema_config")["configs"].([]any)
	period := maps.Clone(periods[0].(map[any]any))
	period["from"], period["object_store"] = "2024-06-01", "s3"
	section("schema_config")["configs"] = append(periods, period)
	section("compactor")["delete_request_store"] = "s3"
	delete(section("ingester"), "query_store_max_look_back_period")

	changed, err := yaml.Marshal(file)
	require.NoError(t, err)
	loaded, err := lokiconfig.Load("config/loki.yaml", changed, nil)
	require.NoError(t, err)
	assert.Equal(t, "log", loaded.StorageConfig.AWSStorageConfig.S3Config.BucketNames)
}
