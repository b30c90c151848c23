// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Command demo shows the main job end to end. It starts the all-in-one, whose path
// is its argument, in an empty data directory, sends it webhooks signed as Shopify
// signs them, reads them back from Loki by product and by status, and leaves it
// running until Ctrl-C. It talks to this machine only. `make demo` runs it.
package main // import "github.com/integrationlog/integrationlog/internal/demo"

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// stopTimeout is how long the all-in-one may take to write down what it holds.
const stopTimeout = 30 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out io.Writer) (err error) {
	if len(arguments) != 1 {
		return errors.New("usage: demo <path of the integrationlog binary>")
	}
	directory, err := os.MkdirTemp("", "integrationlog-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()

	secret := rand.Text()
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return runAllInOne(ctx, arguments[0], directory, secret) })
	both.Go(func() error { return sendAndRead(ctx, secret, out) })
	return both.Wait()
}

// runAllInOne runs it until the context ends. Its own output goes to a file, which is
// shown only if it ends by itself.
func runAllInOne(ctx context.Context, binary, directory, secret string) (err error) {
	output, err := os.CreateTemp(directory, "output-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, output.Close()) }()

	command := exec.CommandContext(ctx, binary) //nolint:gosec // the developer names the binary
	command.Env = append(os.Environ(), "SHOPIFY_WEBHOOK_SECRET="+secret, "INTEGRATIONLOG_DATA_DIR="+directory)
	command.Stdout = output
	command.Stderr = output
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = stopTimeout
	// In a process group of its own, Ctrl-C reaches it once: through Cancel.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Run(); ctx.Err() == nil {
		said, _ := os.ReadFile(output.Name()) // what is missing there is no second error
		return fmt.Errorf("the all-in-one ended by itself: %w\n%s", err, said)
	}
	return nil
}
