// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package command // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/command"

import (
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/check"
)

const checkLong = `Tries what an operator would when something does not work, and says what is wrong
and how to cure it: that the Loki in use answers, that product and status are its
labels, that the tenant is right, that late records are taken and visible, that a
repetition is stored once, and that retention is on.

It writes four records of a product of its own, "integrationlog-check", with the
status debug, and has Loki hide them again. A tenant is taken from LOKI_TENANT and
the value of an Authorization header from LOKI_AUTHORIZATION.`

// newCheckCommand returns the command check.
func newCheckCommand() *cobra.Command {
	settings := check.Settings{Loki: check.Loki{
		Tenant: os.Getenv("LOKI_TENANT"), Authorization: os.Getenv("LOKI_AUTHORIZATION"),
		Client: &http.Client{Timeout: 30 * time.Second},
	}}
	cmd := &cobra.Command{
		Use:     "check",
		Short:   "Check the Loki in use, and say how to cure what is wrong",
		Long:    checkLong,
		Example: "  integrationlog check\n  LOKI_TENANT=acme integrationlog check --loki-url https://loki.example.com",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return check.Run(cmd.Context(), settings, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&settings.Loki.URL, "loki-url", defaultLokiURL(), "address of Loki; LOKI_URL sets it too")
	cmd.Flags().DurationVar(&settings.Retention, "retention", 7*24*time.Hour, "how long the log is meant to be")
	cmd.Flags().DurationVar(&settings.Patience, "patience", 10*time.Second, "how long a record may take until it can be queried")
	return cmd
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
