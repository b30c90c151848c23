// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Command screenshots makes the pictures of the log page that the documentation shows: it
// starts the all-in-one, whose path is its first argument, as the demo, and photographs the
// page with Chromium, light and dark, on a desktop and on a phone. The second argument is
// the directory of the pictures. `make screenshots` runs it.
package main // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/screenshots"

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// patience is how long everything may take together.
const patience = 5 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) (err error) {
	if len(arguments) != 2 {
		return errors.New("usage: screenshots <path of integrationlog> <directory of the pictures>")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	zone := lateMorning(time.Now())
	demo, err := startDemo(ctx, arguments[0], zone)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, demo.stop()) }()
	page, err := demo.awaitWeek()
	if err != nil {
		return err
	}
	return photographAll(ctx, page, zone, arguments[1])
}
