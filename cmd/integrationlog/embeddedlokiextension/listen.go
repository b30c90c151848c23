// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/grafana/loki/v3/pkg/loki"
)

// checkPorts returns an error if Loki could not listen. Loki itself would leave
// its first port open when the second is taken.
func (c *Config) checkPorts(ctx context.Context, l *loki.ConfigWrapper) error {
	names := [2]string{"http.endpoint", "grpc.endpoint"}
	if c.ConfigFile != "" {
		names = [2]string{"server.http_listen_port of config_file", "server.grpc_listen_port of config_file"}
	}
	if err := checkPort(ctx, names[0], l.Server.HTTPListenAddress, l.Server.HTTPListenPort); err != nil {
		return err
	}
	return checkPort(ctx, names[1], l.Server.GRPCListenAddress, l.Server.GRPCListenPort)
}

func checkPort(ctx context.Context, setting, host string, port int) error {
	address := net.JoinHostPort(host, strconv.Itoa(port))
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("%s: Loki cannot listen on %s: %w: stop the program that uses this address, or choose another port", setting, address, err)
	}
	return listener.Close()
}

// freePort returns a port that nobody listens on at the moment.
func freePort(ctx context.Context, host string) (int, error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}
