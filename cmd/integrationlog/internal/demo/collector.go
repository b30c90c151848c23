// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/integrationlog/integrationlog/config"
)

// stopTimeout is how long the collector may take to write down what it holds.
const stopTimeout = 30 * time.Second

// changes are what the demo has otherwise than the all-in-one. A webhook's row is to be seen
// soon, and the collector's own log is read by a program.
const changes = `# What the demo changes of all-in-one.yaml.
receivers:
  zendesk_webhooks:
    poll_interval: 10s
service:
  telemetry:
    logs:
      encoding: json
`

// The files of the collector in the data directory.
const (
	allInOneFile = "all-in-one.yaml"
	changesFile  = "demo.yaml"
	logFile      = "collector.log"
)

// collector is the all-in-one: this same program in a process of its own, as anybody would
// run it.
type collector struct {
	executable  string
	directory   string
	environment []string
	// log is what it writes; warnings gets its lines too.
	log      io.Writer
	warnings *warnings
}

// writeConfiguration writes the files that the collector runs.
func writeConfiguration(directory string) error {
	return errors.Join(
		os.WriteFile(filepath.Join(directory, allInOneFile), []byte(config.AllInOne), 0o600),
		os.WriteFile(filepath.Join(directory, changesFile), []byte(changes), 0o600),
	)
}

// run runs it until the context ends, and then lets it end well. That it ends earlier is an
// error.
func (c *collector) run(ctx context.Context) error {
	// Where the system ends a child with the thread that began it, this has to be that thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	command := exec.CommandContext(ctx, c.executable, //nolint:gosec // this program itself
		"--config", "file:"+filepath.Join(c.directory, allInOneFile), "--config", "file:"+filepath.Join(c.directory, changesFile))
	command.Env = c.environment
	command.Stdout = c.log
	command.Stderr = io.MultiWriter(c.log, c.warnings)
	command.Cancel = func() error { return askToEnd(command.Process) }
	command.WaitDelay = stopTimeout
	standAlone(command)
	err := command.Run()
	if ctx.Err() == nil {
		return fmt.Errorf("the collector ended by itself (%w)%s", errorOr(err, errNoError), c.warnings.last())
	}
	// Of a process that ended well when it was asked to, the context's is the error. One that
	// has only begun to start does not know yet that it may be asked.
	if err == nil || errors.Is(err, ctx.Err()) || endedAtOnce(command.ProcessState) {
		return nil
	}
	return fmt.Errorf("the collector did not end well: %w", err)
}

var errNoError = errors.New("without an error")

func errorOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
