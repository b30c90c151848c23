// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package command is the command line of integrationlog: the collector's own, with
// an embedded configuration and the commands that the collector does not have.
package command // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/command"

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/otelcol"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/products"
	collectorcomponents "github.com/integrationlog/integrationlog/collector-components"
	"github.com/integrationlog/integrationlog/config"
)

const (
	name        = "integrationlog"
	description = "Integration Log: what your integrations did, on one machine, Loki included"
)

const long = `Integration Log takes what your integrations report, keeps it for seven days in
a Loki of its own, and answers queries by product and status.

Without --config it runs the all-in-one configuration. A product is switched on
by its environment variables:

  SHOPIFY_WEBHOOK_SECRET       Shopify; several secrets are separated by commas

Everything listens on localhost until told otherwise:

  INTEGRATIONLOG_WEBHOOK_PORT  8700   where vendors post to
  INTEGRATIONLOG_WEBHOOK_HOST  localhost   opens the webhooks to other machines
  INTEGRATIONLOG_TLS_CERT_FILE, INTEGRATIONLOG_TLS_KEY_FILE   and with TLS
  INTEGRATIONLOG_LOKI_PORT     3100   Loki
  INTEGRATIONLOG_LOKI_GRPC_PORT 9095  Loki's own use
  INTEGRATIONLOG_OTLP_GRPC_PORT, INTEGRATIONLOG_OTLP_HTTP_PORT   4317, 4318
  INTEGRATIONLOG_HEALTH_PORT   13133  health
  INTEGRATIONLOG_TELEMETRY_PORT 8888  the collector's own metrics

  INTEGRATIONLOG_DATA_DIR      ./data   where everything is kept

This binary links Grafana Loki and is AGPL-3.0 as a whole.`

const example = `  SHOPIFY_WEBHOOK_SECRET=... integrationlog
  INTEGRATIONLOG_LOKI_PORT=3100 integrationlog check
  SHOPIFY_WEBHOOK_SECRET=... integrationlog --config my-own.yaml`

// New returns the command. What the user should read of the start is written to
// out.
func New(out io.Writer) (*cobra.Command, error) {
	settings, err := collectorcomponents.Settings(name, description)
	if err != nil {
		return nil, err
	}
	withLoki := settings.Factories
	settings.Factories = func() (otelcol.Factories, error) { return addLoki(withLoki) }

	// Only the run itself tells which products are on: what other commands print is
	// read by programs.
	report := &switchedWriter{Writer: io.Discard}
	resolver := &settings.ConfigProviderSettings.ResolverSettings
	resolver.URIs = []string{"yaml:" + config.AllInOne}
	resolver.ConverterFactories = []confmap.ConverterFactory{products.NewConverterFactory(report)}

	cmd := otelcol.NewCommand(settings)
	cmd.Short = description
	cmd.Long = long
	cmd.Example = example
	cmd.SilenceErrors = true // main prints the error, once
	cmd.AddCommand(newCheckCommand())
	cmd.Args = cobra.NoArgs
	cmd.PreRun = func(*cobra.Command, []string) { report.Writer = out }
	return cmd, nil
}

// switchedWriter is a writer that can be exchanged before anything is written.
type switchedWriter struct {
	io.Writer
}

func addLoki(components func() (otelcol.Factories, error)) (otelcol.Factories, error) {
	factories, err := components()
	if err != nil {
		return factories, err
	}
	loki := embeddedlokiextension.NewFactory()
	if _, taken := factories.Extensions[loki.Type()]; taken {
		return factories, fmt.Errorf("the distribution has an extension %q of its own", loki.Type())
	}
	factories.Extensions[loki.Type()] = loki
	return factories, nil
}
