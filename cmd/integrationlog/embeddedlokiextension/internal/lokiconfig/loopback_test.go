// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiconfig

import (
	"testing"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/stretchr/testify/require"
)

func TestCheckLoopbackHost(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "127.8.9.10", "::1", "localhost", "LocalHost", "::ffff:127.0.0.1"} {
		require.NoError(t, CheckLoopbackHost(host), host)
	}
	for _, host := range []string{"", "0.0.0.0", "::", "10.0.0.1", "192.168.1.2", "loki", "localhost.example.com", "127.0.0.1.example.com"} {
		require.ErrorIs(t, CheckLoopbackHost(host), ErrNotLoopback, host)
	}
}

func TestCheckPrivate(t *testing.T) {
	private := func() *loki.ConfigWrapper {
		var c loki.ConfigWrapper
		c.Server.HTTPListenAddress, c.Server.GRPCListenAddress = "127.0.0.1", "127.0.0.1"
		c.Ingester.LifecyclerConfig.RingConfig.KVStore.Store = "inmemory"
		return &c
	}
	require.NoError(t, CheckPrivate(private()))

	tests := map[string]func(*loki.ConfigWrapper){
		"server.http_listen_address":          func(c *loki.ConfigWrapper) { c.Server.HTTPListenAddress = "" },
		"server.grpc_listen_address":          func(c *loki.ConfigWrapper) { c.Server.GRPCListenAddress = "0.0.0.0" },
		"internal_server.http_listen_address": func(c *loki.ConfigWrapper) { c.InternalServer.Enable = true },
		"internal_server.grpc_listen_address": func(c *loki.ConfigWrapper) {
			c.InternalServer.Enable, c.InternalServer.HTTPListenAddress = true, "::1"
		},
		"common.ring.kvstore.store": func(c *loki.ConfigWrapper) { c.Ingester.LifecyclerConfig.RingConfig.KVStore.Store = "memberlist" },
	}
	for setting, open := range tests {
		t.Run(setting, func(t *testing.T) {
			c := private()
			open(c)
			require.ErrorContains(t, CheckPrivate(c), setting)
		})
	}
}
