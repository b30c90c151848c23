// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiconfig // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokiconfig"

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/grafana/loki/v3/pkg/loki"
)

// ErrNotLoopback is returned for an address that other machines can reach.
var ErrNotLoopback = errors.New("not a loopback address")

// CheckLoopbackHost returns ErrNotLoopback unless host is localhost or an
// address of the loopback interface.
func CheckLoopbackHost(host string) error {
	if strings.EqualFold(host, "localhost") {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return ErrNotLoopback
}

// CheckPrivate returns an error, which names the setting, if a Loki with this
// configuration would listen on anything but the loopback interface. Loki's
// default is every interface.
func CheckPrivate(c *loki.ConfigWrapper) error {
	addresses := []struct {
		setting, host string
		used          bool
	}{
		{"server.http_listen_address", c.Server.HTTPListenAddress, true},
		{"server.grpc_listen_address", c.Server.GRPCListenAddress, true},
		{"internal_server.http_listen_address", c.InternalServer.HTTPListenAddress, c.InternalServer.Enable},
		{"internal_server.grpc_listen_address", c.InternalServer.GRPCListenAddress, c.InternalServer.Enable},
	}
	for _, address := range addresses {
		if !address.used {
			continue
		}
		if err := CheckLoopbackHost(address.host); err != nil {
			return fmt.Errorf("%s %q: %w: set it to 127.0.0.1", address.setting, address.host, err)
		}
	}
	if c.Ingester.LifecyclerConfig.RingConfig.KVStore.Store == "memberlist" {
		return errors.New("common.ring.kvstore.store memberlist opens a gossip port to other machines: set it to inmemory")
	}
	return nil
}
