// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package health is the command by which a container asks its own collector whether it
// works: images without a shell have no other program that could.
package health // import "github.com/integrationlog/integrationlog/internal/health"

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
)

const (
	hostVariable = "INTEGRATIONLOG_HEALTH_HOST"
	portVariable = "INTEGRATIONLOG_HEALTH_PORT"

	timeout = 5 * time.Second
	// maxAnswer is enough for the status of every component, in bytes.
	maxAnswer = 64 << 10
)

const long = `Asks the health_check extension of a collector on this machine, and ends with 0 if all
of its components work. If one does not, it prints the status of all and ends with 1.

It is meant for the health check of a container. While Loki cannot be reached a collector
is unhealthy, and yet it takes webhooks and keeps them: do not restart it for that.`

// NewCommand returns the command "health". It asks where config/gateway.yaml and
// config/all-in-one.yaml listen in the same environment.
func NewCommand() *cobra.Command {
	endpoint := "http://" + address(os.Getenv) + "/?verbose"
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running collector whether all of its components work",
		Long:  long,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			return ask(ctx, endpoint)
		},
		SilenceUsage: true,
	}
	cmd.Flags().StringVar(&endpoint, "url", endpoint, "where the health_check extension answers")
	return cmd
}

// address is where the shipped configurations have the extension listen. An address of
// every interface is asked on this machine.
func address(getenv func(string) string) string {
	host := cmp.Or(getenv(hostVariable), "localhost")
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, cmp.Or(getenv(portVariable), "13133"))
}

func ask(ctx context.Context, endpoint string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, http.NoBody)
	if err != nil {
		return err
	}
	// A proxy of the environment is for vendors.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%s: %w", response.Status, err)
	}
	return fmt.Errorf("%s: %s", response.Status, answer)
}
