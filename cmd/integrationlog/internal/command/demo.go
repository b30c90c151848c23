// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package command // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/command"

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"
)

const demoLong = `Shows Integration Log alive, with no account and no configuration: starts it on this
machine, with its data in a temporary directory, and plays seven vendors to it that do
not exist: three shops at Shopify, bots, actions and ZIS flows at Zendesk, Zendesk's
webhooks, messaging channels, and a Salesforce organization. They speak the real wire
formats to the real receivers: signed webhooks, Zendesk's API, Salesforce's Pub/Sub API
and event log files.

At first the log fills with the last seven days, some thousand activities: busy working
hours, quiet nights and weekends, and three things that went badly wrong. That takes 11 to
15 seconds on two cores. Then things happen live. Ctrl-C ends it and removes the data;
what a demo leaves that is killed, the next one removes.

It listens on the usual ports, and where one is taken on the next that is free; the
variables INTEGRATIONLOG_..._PORT (integrationlog --help has them) choose others. No other variable is
used: your own accounts and your own log are never touched. Nothing leaves this machine.`

const demoExample = `  integrationlog demo
  integrationlog demo --rate 200                  # a busier company
  integrationlog demo --seed 7 --duration 10m     # another history; ends by itself
  integrationlog demo --rate 0 --keep-data        # the week only, to be looked at later`

// newDemoCommand returns the command demo.
func newDemoCommand() *cobra.Command {
	options := demo.Options{}
	cmd := &cobra.Command{
		Use:     "demo",
		Short:   "Show a living log within seconds: the last week of simulated vendors, and live traffic",
		Long:    demoLong,
		Example: demoExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			executable, err := os.Executable()
			if err != nil {
				return fmt.Errorf("this program does not know where it lies: %w", err)
			}
			options.Executable, options.Out = executable, cmd.OutOrStdout()
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
			defer stop()
			return demo.Run(ctx, options)
		},
	}
	flags := cmd.Flags()
	flags.Uint64Var(&options.Seed, "seed", 1, "what the history is made of: the same seed and hour give the same history")
	flags.Float64Var(&options.Rate, "rate", 20, "live activities a minute, on average; 0 for none")
	flags.DurationVar(&options.Duration, "duration", 0, "end by itself after this time, but not before the history is complete (default: on Ctrl-C)")
	flags.BoolVar(&options.KeepData, "keep-data", false, "keep the data when the demo ends, and say where it is")
	return cmd
}
