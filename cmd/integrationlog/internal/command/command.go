// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package command is the command line of integrationlog: the collector's own, with
// an embedded configuration and the commands that the collector does not have.
package command // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/command"

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/otelcol"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"
	collectorcomponents "github.com/integrationlog/integrationlog/collector-components"
	"github.com/integrationlog/integrationlog/config"
	"github.com/integrationlog/integrationlog/internal/health"
	"github.com/integrationlog/integrationlog/internal/products"
)

const (
	name        = "integrationlog"
	description = "Integration Log: what your integrations did, on one machine, Loki included"
)

const long = `Integration Log takes what your integrations report, keeps it for seven days in
a Loki of its own, and answers queries by product and status.

Without --config it runs the all-in-one configuration. A product is switched on
by its environment variables:

  SHOPIFY_WEBHOOK_SECRET       Shopify
  BOT_BUILDER_TOKEN            Bot builder for messaging
  ACTIONS_TOKEN                Actions
  ZIS_TOKEN                    Private ZIS integrations
  SUNCO_WEBHOOK_SECRET         Messaging, social channels and Sunshine Conversations

Each may hold several secrets, separated by commas. Products that are fetched:

  ZENDESK_URL                  Webhooks: https://acme.zendesk.com
  ZENDESK_CLIENT_ID, ZENDESK_CLIENT_SECRET   its OAuth client, or until April 2027
  ZENDESK_EMAIL, ZENDESK_API_TOKEN           an API token
  SALESFORCE_LOGIN_URL         Salesforce: https://acme.my.salesforce.com
  SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET   its external client app, or with a key
  SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY_FILE   instead of the secret
  SALESFORCE_INTEGRATION_USERS the ids of the users as whom Zendesk's integration works
  SALESFORCE_PUBSUB_ENDPOINT   where its events are (api.pubsub.salesforce.com:7443)
  SALESFORCE_ACCOUNT_FIELDS, SALESFORCE_CONTACT_FIELDS, SALESFORCE_LEAD_FIELDS   which fields are
                               synchronised, Name,Phone,… (every update is logged)

What a product posts where, and
how to switch it on at Zendesk or Shopify, is in docs/products.

Everything listens on localhost until told otherwise:

  INTEGRATIONLOG_PAGE_PORT     8080   the log, for a browser
  INTEGRATIONLOG_PAGE_HOST, INTEGRATIONLOG_PAGE_HTPASSWD_FILE   opens it to other machines,
                               to the users of the file
  INTEGRATIONLOG_WEBHOOK_PORT  8700   where vendors post to
  INTEGRATIONLOG_WEBHOOK_HOST  localhost   opens the webhooks to other machines
  INTEGRATIONLOG_TLS_CERT_FILE, INTEGRATIONLOG_TLS_KEY_FILE   and with TLS
  INTEGRATIONLOG_LOKI_PORT     3100   Loki
  INTEGRATIONLOG_LOKI_GRPC_PORT 9095  Loki's own use
  INTEGRATIONLOG_OTLP_GRPC_PORT, INTEGRATIONLOG_OTLP_HTTP_PORT   4317, 4318
  INTEGRATIONLOG_HEALTH_PORT   13133  health
  INTEGRATIONLOG_METRICS_PORT  9464   metrics of the activities
  INTEGRATIONLOG_TELEMETRY_PORT 8888  the collector's own metrics

  INTEGRATIONLOG_DATA_DIR      ./data   where everything is kept

This binary links Grafana Loki and is AGPL-3.0 as a whole.`

const example = `  integrationlog demo
  SHOPIFY_WEBHOOK_SECRET=... integrationlog
  INTEGRATIONLOG_LOKI_PORT=3100 integrationlog check
  SHOPIFY_WEBHOOK_SECRET=... integrationlog --config my-own.yaml`

// New returns the command. What the user should read of the start is written to
// out.
func New(out io.Writer) (*cobra.Command, error) {
	// Only the run itself tells which products are on: what other commands print is
	// read by programs.
	report := &products.Report{}
	settings, err := collectorcomponents.Settings(name, description, products.NewConverterFactory(report))
	if err != nil {
		return nil, err
	}
	withLoki := settings.Factories
	settings.Factories = func() (otelcol.Factories, error) { return addLoki(withLoki) }
	settings.ConfigProviderSettings.ResolverSettings.URIs = []string{"yaml:" + config.AllInOne}

	cmd := otelcol.NewCommand(settings)
	cmd.Short = description
	cmd.Long = long
	cmd.Example = example
	cmd.SilenceErrors = true // main prints the error, once
	cmd.AddCommand(newCheckCommand(settings.BuildInfo))
	cmd.AddCommand(health.NewCommand())
	cmd.AddCommand(newZISCommand())
	cmd.AddCommand(newDemoCommand())
	cmd.Args = cobra.NoArgs
	cmd.PreRun = func(*cobra.Command, []string) { report.To = out }
	return cmd, nil
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
