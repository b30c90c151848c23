// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package command // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/command"

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/check"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver"
)

const checkLong = `Tries what an operator would when something does not work, and says what is wrong
and how to cure it: that the Loki in use answers, that product and status are its
labels, that the tenant is right, that late records are taken and visible, that a
repetition is stored once, and that retention is on. Where Zendesk's variables are set,
that Zendesk gives a token, and shows the webhooks and the invocations of one. Where
Salesforce's are set, that it gives a token, lets each topic be subscribed and lists the
event log files, and that Zendesk looks up what became of changes.

It writes four records of a product of its own, "integrationlog-check", with the
status debug, and has Loki hide them again.

It takes the environment that config/gateway.yaml takes: LOKI_URL, LOKI_QUERY_URL,
LOKI_TENANT, LOKI_AUTHORIZATION, LOKI_CA_FILE, LOKI_CERT_FILE and LOKI_KEY_FILE;
ZENDESK_URL, ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET, or ZENDESK_EMAIL and
ZENDESK_API_TOKEN; and all that begin with SALESFORCE_.`

// newCheckCommand returns the command check.
func newCheckCommand(build component.BuildInfo) *cobra.Command {
	settings := check.Settings{
		Loki: check.Loki{
			QueryURL: os.Getenv("LOKI_QUERY_URL"),
			Tenant:   os.Getenv("LOKI_TENANT"), Authorization: os.Getenv("LOKI_AUTHORIZATION"),
		},
		Zendesk:    zendeskConfig(),
		Salesforce: salesforceConfig(),
		Build:      build,
	}
	cmd := &cobra.Command{
		Use:     "check",
		Short:   "Check the Loki in use and the access to Zendesk and Salesforce, and say how to cure what is wrong",
		Long:    checkLong,
		Example: "  integrationlog check\n  LOKI_TENANT=acme integrationlog check --loki-url https://loki.example.com",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := lokiClient(cmd.Context())
			if err != nil {
				return err
			}
			settings.Loki.Client = client
			return check.Run(cmd.Context(), settings, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&settings.Loki.URL, "loki-url", defaultLokiURL(), "address of Loki; LOKI_URL sets it too")
	cmd.Flags().DurationVar(&settings.Retention, "retention", 7*24*time.Hour, "how long the log is meant to be")
	cmd.Flags().DurationVar(&settings.Patience, "patience", 10*time.Second, "how long a record may take until it can be queried")
	return cmd
}

// lokiClient trusts and shows the certificates that the environment names.
func lokiClient(ctx context.Context) (*http.Client, error) {
	config := configtls.NewDefaultClientConfig()
	config.CAFile = os.Getenv("LOKI_CA_FILE")
	config.CertFile = os.Getenv("LOKI_CERT_FILE")
	config.KeyFile = os.Getenv("LOKI_KEY_FILE")
	tlsConfig, err := config.LoadTLSConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("LOKI_CA_FILE, LOKI_CERT_FILE or LOKI_KEY_FILE: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = tlsConfig
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}, nil
}

// zendeskConfig is what config/all-in-one.yaml makes of the environment, or nil where that
// tells nothing of Zendesk.
func zendeskConfig() *webhooksreceiver.Config {
	config := webhooksreceiver.NewFactory().CreateDefaultConfig().(*webhooksreceiver.Config)
	config.Endpoint = os.Getenv("ZENDESK_URL")
	config.ClientID, config.ClientSecret = os.Getenv("ZENDESK_CLIENT_ID"), configopaque.String(os.Getenv("ZENDESK_CLIENT_SECRET"))
	config.Email, config.APIToken = os.Getenv("ZENDESK_EMAIL"), configopaque.String(os.Getenv("ZENDESK_API_TOKEN"))
	if config.Endpoint == "" && config.ClientID == "" && config.ClientSecret == "" && config.Email == "" && config.APIToken == "" {
		return nil
	}
	return config
}

// salesforceConfig is the same for Salesforce.
func salesforceConfig() *salesforcereceiver.Config {
	config := salesforcereceiver.NewFactory().CreateDefaultConfig().(*salesforcereceiver.Config)
	config.LoginURL, config.ClientID = os.Getenv("SALESFORCE_LOGIN_URL"), os.Getenv("SALESFORCE_CLIENT_ID")
	config.ClientSecret = configopaque.String(os.Getenv("SALESFORCE_CLIENT_SECRET"))
	config.Username, config.PrivateKeyFile = os.Getenv("SALESFORCE_USERNAME"), os.Getenv("SALESFORCE_PRIVATE_KEY_FILE")
	if config.LoginURL == "" && config.ClientID == "" && config.ClientSecret == "" && config.Username == "" && config.PrivateKeyFile == "" {
		return nil
	}
	config.IntegrationUsers = []string{os.Getenv("SALESFORCE_INTEGRATION_USERS")}
	config.Audience = cmp.Or(os.Getenv("SALESFORCE_AUDIENCE"), config.Audience)
	config.ChangeDataCapture.Endpoint = cmp.Or(os.Getenv("SALESFORCE_PUBSUB_ENDPOINT"), config.ChangeDataCapture.Endpoint)
	config.Confirmation.Enabled = os.Getenv("SALESFORCE_CONFIRMATION") != "false"
	z := &config.Confirmation.Zendesk
	z.Endpoint, z.ClientID, z.ClientSecret = os.Getenv("ZENDESK_URL"), os.Getenv("ZENDESK_CLIENT_ID"), configopaque.String(os.Getenv("ZENDESK_CLIENT_SECRET"))
	return config
}

func defaultLokiURL() string {
	if url := os.Getenv("LOKI_URL"); url != "" {
		return url
	}
	port := os.Getenv("INTEGRATIONLOG_LOKI_PORT")
	if port == "" {
		port = "3100"
	}
	return "http://127.0.0.1:" + port
}
