// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Command otelcol-integrationlog is the OpenTelemetry Collector with the components
// of Integration Log, to run beside a Loki elsewhere. config/gateway.yaml configures
// it; its components are those of package collectorcomponents.
package main // import "github.com/integrationlog/integrationlog/cmd/otelcol-integrationlog"

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/otelcol"

	collectorcomponents "github.com/integrationlog/integrationlog/collector-components"
	"github.com/integrationlog/integrationlog/internal/health"
	"github.com/integrationlog/integrationlog/internal/products"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(arguments []string, out io.Writer) error {
	// Only the run itself tells which products are on: what other commands print is
	// read by programs.
	report := &products.Report{}
	settings, err := collectorcomponents.Settings(
		"otelcol-integrationlog",
		"Integration Log Collector",
		products.NewConverterFactory(report),
	)
	if err != nil {
		return err
	}
	command := otelcol.NewCommand(settings)
	command.AddCommand(health.NewCommand())
	command.SetArgs(arguments)
	command.PreRun = func(*cobra.Command, []string) { report.To = out }
	command.SilenceErrors = true // main prints the error, once
	return command.Execute()
}
