// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Command otelcol-integrationlog is the OpenTelemetry Collector with the components
// of Integration Log, to run beside a Loki elsewhere. config/gateway.yaml configures
// it; its components are those of package collectorcomponents.
package main // import "github.com/integrationlog/integrationlog/cmd/otelcol-integrationlog"

import (
	"fmt"
	"os"

	"go.opentelemetry.io/collector/otelcol"

	collectorcomponents "github.com/integrationlog/integrationlog/collector-components"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	settings, err := collectorcomponents.Settings(
		"otelcol-integrationlog",
		"Integration Log Collector",
	)
	if err != nil {
		return err
	}
	command := otelcol.NewCommand(settings)
	command.SetArgs(arguments)
	command.SilenceErrors = true // main prints the error, once
	return command.Execute()
}
