// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"os"
	"testing"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokiconfig"
)

// scalingFile is the configuration of a Loki with an object store and several replicas.
const scalingFile = "../../../config/scaling/loki.yaml"

// targets are the parts that it can be run as.
var targets = []string{"all", "distributor", "ingester", "querier", "query-frontend", "query-scheduler", "index-gateway", "ruler", "compactor"}

// Loki takes the file for each of its parts, and a record means the same there as anywhere.
func TestScalingFileAgreesWithTheStandaloneOne(t *testing.T) {
	standalone := loadLokiFile(t, standaloneFile)
	wanted := limits(t, standalone)
	wanted["ingestion_rate_strategy"] = "global"
	for _, target := range targets {
		loaded := loadScaled(t, target)
		assert.Equal(t, wanted, limits(t, loaded), "limits_config")
		assert.Equal(t, standalone.Ingester.MaxChunkAge, loaded.Ingester.MaxChunkAge, "the length of a time shard")
		assert.Equal(t, standalone.Ingester.BlockSize, loaded.Ingester.BlockSize)
		assert.Equal(t, standalone.Ingester.TargetChunkSize, loaded.Ingester.TargetChunkSize)
		assert.Equal(t, standalone.Querier.QueryIngestersWithin, loaded.Querier.QueryIngestersWithin)
		assert.Equal(t, standalone.Querier.MaxConcurrent, loaded.Querier.MaxConcurrent)
		assert.Equal(t, standalone.QueryRange, loaded.QueryRange)
		assert.Equal(t, standalone.CompactorConfig.RetentionEnabled, loaded.CompactorConfig.RetentionEnabled)
		assert.Equal(t, standalone.CompactorConfig.DeleteRequestCancelPeriod, loaded.CompactorConfig.DeleteRequestCancelPeriod)
		assert.False(t, loaded.Analytics.Enabled)

		assert.True(t, loaded.QueryScheduler.UseSchedulerRing, "the parts find each other")
		ring := loaded.Ingester.LifecyclerConfig.RingConfig
		assert.Equal(t, 3, ring.ReplicationFactor)
		assert.Equal(t, "memberlist", ring.KVStore.Store)
		assert.Equal(t, []string{"loki.example.com:7946"}, []string(loaded.MemberlistKV.JoinMembers))
		store := loaded.StorageConfig.AWSStorageConfig.S3Config
		assert.Equal(t, "log", store.BucketNames)
		assert.Equal(t, "eu-central-1", store.Region)
		assert.Equal(t, "s3", loaded.CompactorConfig.DeleteRequestStore)
	}
}

// loadScaled reads the file as -config.expand-env does, for one of the parts.
func loadScaled(t *testing.T, target string) *loki.ConfigWrapper {
	t.Helper()
	text, err := os.ReadFile(scalingFile)
	require.NoError(t, err)
	variables := map[string]string{
		"LOKI_S3_BUCKET": "log", "LOKI_S3_REGION": "eu-central-1", "LOKI_S3_ENDPOINT:-": "",
		"LOKI_MEMBERS": "loki.example.com", "LOKI_COMPACTOR": "loki-0.example.com:9095",
	}
	expanded := os.Expand(string(text), func(name string) string {
		value, ok := variables[name]
		require.True(t, ok, name)
		return value
	})
	loaded, err := lokiconfig.Load("config/scaling/loki.yaml", []byte(expanded), func(c *loki.ConfigWrapper) {
		require.NoError(t, c.Target.Set(target))
	})
	require.NoError(t, err, target)
	return loaded
}
