// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package command // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/command"

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"
)

const zisInstrumentLong = `Adds log steps to the flows of a bundle of Zendesk Integration Services: before each
Succeed and Fail, and in the place of each "End": true, a step that posts how the flow
ended. Everything else stays byte for byte as it is. What is printed says, flow by flow,
what was added and what the log will not see.

Action and Map states without a Catch get one that logs the failure and then fails the
flow with the same cause. It has a price: once something catches a failure, ZIS no
longer runs the flow again after a 429 or a server error. Where you need that, name the
states that may be caught with --catch, or say --catch none.

A bundle that was instrumented before gets its log steps anew; with the same options
nothing changes. The bundle - is the standard input.`

const (
	standardInput     = "-"
	standardInputName = "standard input"
)

const zisInstrumentExample = `  integrationlog zis instrument bundle.json --url https://log.example.com/zis > new.json
  integrationlog zis instrument bundle.json --catch CreateOrder,sync/GetUser --output new.json
  integrationlog zis instrument bundle.json --catch none --output new.json`

// newZISCommand returns the command zis.
func newZISCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "zis",
		Short: "Work on bundles of Zendesk Integration Services",
		Args:  cobra.NoArgs,
		// Without it words that are no command would be answered with the help, as a success.
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newZISInstrumentCommand())
	return cmd
}

func newZISInstrumentCommand() *cobra.Command {
	var options zisbundle.Options
	var output string
	var catch []string
	var overwrite bool
	cmd := &cobra.Command{
		Use:     "instrument BUNDLE",
		Short:   "Add log steps to the flows of a bundle",
		Long:    zisInstrumentLong,
		Example: zisInstrumentExample,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, arguments []string) error {
			var err error
			if options.Catch, err = catchOption(catch); err != nil {
				return err
			}
			kept := output
			if overwrite {
				kept = ""
			}
			source, name, err := readBundle(cmd.InOrStdin(), arguments[0], kept)
			if err != nil {
				return err
			}
			result, report, err := zisbundle.Instrument(source, options)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if output == "" {
				_, err = cmd.OutOrStdout().Write(result)
			} else {
				err = os.WriteFile(output, result, 0o600)
			}
			if err != nil {
				return err
			}
			report.Write(cmd.ErrOrStderr(), name)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&output, "output", "o", "", "write the new bundle to this file instead of the standard output")
	flags.BoolVar(&overwrite, "overwrite", false, "let --output be the bundle itself")
	flags.StringVar(&options.URL, "url", "", "where to post to (default "+zisbundle.DefaultURL+", or what the bundle has)")
	flags.StringVar(&options.Connection, "connection", "",
		"the connection that holds the token (default "+zisbundle.DefaultConnection+", or what the bundle has)")
	flags.StringVar(&options.Action, "action", "",
		"the name of the action that posts (default "+zisbundle.DefaultAction+", or what the bundle has)")
	flags.StringVar(&options.Integration, "integration", "", "the integration key, if the bundle does not tell it, or tells several")
	flags.StringSliceVar(&catch, "catch", []string{zisbundle.CatchAll},
		"states to give a Catch: STATE, FLOW/STATE, and alone "+zisbundle.CatchAll+" or "+zisbundle.CatchNone)
	flags.StringVar(&options.EventReference, "event-ref", "", "path of what tells an event from all others, such as $.input.delivery.id")
	flags.StringVar(&options.EventTime, "event-time", "", "path of when it happened, such as $.input.sent_at")
	return cmd
}

// catchOption reads --catch. None is said in a word: what is empty may be a variable
// that was not set.
func catchOption(names []string) ([]string, error) {
	for _, name := range names {
		if len(names) > 1 && (name == zisbundle.CatchAll || name == zisbundle.CatchNone) {
			return nil, fmt.Errorf("--catch %s: %q and %q stand alone; a state of such a name is FLOW/STATE",
				strings.Join(names, ","), zisbundle.CatchAll, zisbundle.CatchNone)
		}
	}
	switch {
	case len(names) == 0 || slices.Contains(names, ""):
		return nil, fmt.Errorf("--catch names nothing: say STATE, FLOW/STATE, %s or %s", zisbundle.CatchAll, zisbundle.CatchNone)
	case names[0] == zisbundle.CatchNone:
		return nil, nil
	}
	return names, nil
}

// readBundle reads a file, or the standard input, and says how to call it. It must not be
// the file that is kept.
func readBundle(stdin io.Reader, argument, kept string) (source []byte, name string, err error) {
	in, name := stdin, standardInputName
	if argument != standardInput {
		file, err := os.Open(argument) //nolint:gosec // the user names the file
		if err != nil {
			return nil, "", err
		}
		defer func() { _ = file.Close() }()
		in, name = file, argument
	}
	if kept != "" && isFile(in, kept) {
		return nil, "", fmt.Errorf("%s is the bundle itself; write to another file, or add --overwrite", kept)
	}
	if source, err = io.ReadAll(in); err != nil {
		return nil, "", fmt.Errorf("%s: %w", name, err)
	}
	return source, name, nil
}

// isFile says whether what is read is a file of a name, links and redirections included.
func isFile(in io.Reader, name string) bool {
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	read, err := file.Stat()
	other, otherErr := os.Stat(name)
	return errors.Join(err, otherErr) == nil && read.Mode().IsRegular() && os.SameFile(read, other)
}
