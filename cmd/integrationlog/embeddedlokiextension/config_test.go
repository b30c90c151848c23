// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func loadConfig(t *testing.T, name string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config", name+".yaml"))
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, conf.Unmarshal(cfg))
	return cfg, confmap.Validate(cfg)
}

func TestDefaultConfigIsValid(t *testing.T) {
	assert.NoError(t, confmap.Validate(createDefaultConfig()))
}

func TestValidConfigs(t *testing.T) {
	tests := map[string]*Config{
		"all_settings": {
			Directory: "/var/lib/integrationlog/loki",
			HTTP:      ListenerConfig{Endpoint: "[::1]:3101"}, GRPC: ListenerConfig{Endpoint: "localhost:9096"},
			Retention: 30 * day, ReadyTimeout: 10 * time.Second, Fsync: false,
		},
		"config_file": {
			Directory: "data/loki",
			HTTP:      ListenerConfig{Endpoint: "127.0.0.1:3100"}, GRPC: ListenerConfig{Endpoint: "127.0.0.1:9095"},
			Retention: 7 * day, ReadyTimeout: 2 * time.Minute, Fsync: true, ConfigFile: "testdata/loki/own.yaml",
		},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			cfg, err := loadConfig(t, name)
			require.NoError(t, err)
			assert.Equal(t, want, cfg)
		})
	}
}

func TestBadConfigs(t *testing.T) {
	tests := map[string][]string{
		"bad_http_not_loopback":           {"http.endpoint", "0.0.0.0:3100", "not a loopback address", "127.0.0.1"},
		"bad_grpc_every_interface":        {"grpc.endpoint", ":9095", "not a loopback address"},
		"bad_http_host_name":              {"http.endpoint", "loki.example.com", "not a loopback address"},
		"bad_http_no_port":                {"http.endpoint", "must be host:port"},
		"bad_http_port":                   {"http.endpoint", "70000", "no port between 0 and 65535"},
		"bad_retention":                   {"retention", "23h", "24h"},
		"bad_directory":                   {"directory is empty"},
		"bad_ready_timeout":               {"ready_timeout"},
		"bad_config_file_missing":         {"config_file", "missing.yaml", "no such file"},
		"bad_config_file_unknown_key":     {"config_file", "unknown_key.yaml", "line 5", "http_listen_prot"},
		"bad_config_file_refused":         {"config_file", "refused.yaml", "schema v13 is required"},
		"bad_config_file_every_interface": {"config_file", "every_interface.yaml", "server.http_listen_address", "127.0.0.1"},
		"bad_config_file_gossip":          {"config_file", "gossip.yaml", "memberlist", "inmemory"},
	}
	for name, parts := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := loadConfig(t, name)
			require.Error(t, err)
			for _, part := range parts {
				assert.ErrorContains(t, err, part)
			}
		})
	}
}

func TestSettingsReachLoki(t *testing.T) {
	cfg, err := loadConfig(t, "all_settings")
	require.NoError(t, err)
	loaded, err := cfg.load(t.Context())
	require.NoError(t, err)

	assert.Equal(t, "::1", loaded.Server.HTTPListenAddress)
	assert.Equal(t, 3101, loaded.Server.HTTPListenPort)
	assert.Equal(t, "localhost", loaded.Server.GRPCListenAddress)
	assert.Equal(t, 9096, loaded.Server.GRPCListenPort)
	assert.Equal(t, "localhost:9096", loaded.Worker.SchedulerAddress)
	assert.Equal(t, "localhost:9096", loaded.Frontend.FrontendV2.SchedulerAddress)
	for _, address := range []string{loaded.Ingester.LifecyclerConfig.Addr, loaded.Frontend.FrontendV2.Addr, loaded.CompactorConfig.CompactorRing.InstanceAddr} {
		assert.Equal(t, "localhost", address)
	}

	const directory = "/var/lib/integrationlog/loki"
	for _, path := range []string{
		loaded.Ingester.WAL.Dir, loaded.StorageConfig.FSConfig.Directory, loaded.StorageConfig.TSDBShipperConfig.ActiveIndexDirectory,
		loaded.StorageConfig.TSDBShipperConfig.CacheLocation, loaded.CompactorConfig.WorkingDirectory,
		loaded.Ruler.RulePath, loaded.Ruler.StoreConfig.Local.Directory,
	} {
		assert.Equal(t, directory, filepath.Dir(path), path)
	}

	assert.Equal(t, model.Duration(30*day), loaded.LimitsConfig.RetentionPeriod)
	assert.Equal(t, model.Duration(30*day+time.Hour), loaded.LimitsConfig.MaxQueryLookback)
	assert.Equal(t, model.Duration(37*day), loaded.LimitsConfig.RejectOldSamplesMaxAge)
	assert.Equal(t, 30*day+2*time.Hour, loaded.Ingester.QueryStoreMaxLookBackPeriod)
}

// What the built-in file says is what one gets, so that it can be read.
func TestBuiltinFileSaysWhatTheDefaultsSay(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	loaded, err := cfg.load(t.Context())
	require.NoError(t, err)
	cfg.ConfigFile = "loki.yaml"
	asFile, err := cfg.load(t.Context())
	require.NoError(t, err)

	assert.Equal(t, asFile.Server.HTTPListenAddress, loaded.Server.HTTPListenAddress)
	assert.Equal(t, asFile.Server.HTTPListenPort, loaded.Server.HTTPListenPort)
	assert.Equal(t, asFile.Server.GRPCListenPort, loaded.Server.GRPCListenPort)
	assert.Equal(t, asFile.Worker.SchedulerAddress, loaded.Worker.SchedulerAddress)
	assert.Equal(t, asFile.LimitsConfig.RetentionPeriod, loaded.LimitsConfig.RetentionPeriod)
	assert.Equal(t, asFile.LimitsConfig.MaxQueryLookback, loaded.LimitsConfig.MaxQueryLookback)
	assert.Equal(t, asFile.LimitsConfig.RejectOldSamplesMaxAge, loaded.LimitsConfig.RejectOldSamplesMaxAge)
	assert.Equal(t, asFile.Ingester.QueryStoreMaxLookBackPeriod, loaded.Ingester.QueryStoreMaxLookBackPeriod)
	absolute, err := filepath.Abs(asFile.Common.PathPrefix)
	require.NoError(t, err)
	assert.Equal(t, absolute, loaded.Common.PathPrefix)
}

func TestQuotesAndSpacesInTheDirectory(t *testing.T) {
	cfg := testConfig(filepath.Join(t.TempDir(), `odd: "name", #1`))
	loaded, err := cfg.load(t.Context())
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(cfg.Directory, "chunks"), loaded.StorageConfig.FSConfig.Directory)
}
