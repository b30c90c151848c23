// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main // import "github.com/integrationlog/integrationlog/internal/demo"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"syscall"
	"text/tabwriter"
	"time"
)

// The addresses are the defaults of the all-in-one.
const (
	webhookURL = "http://localhost:8700/shopify"
	lokiURL    = "http://127.0.0.1:3100"
)

const (
	// patience is generous: the all-in-one is ready in about a second, and a line
	// is in Loki within another.
	patience = time.Minute
	interval = 100 * time.Millisecond
)

// sendAndRead sends the webhooks, waits until Loki has them, and prints the lines.
func sendAndRead(ctx context.Context, secret string, out io.Writer) error {
	deadline, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	fmt.Fprintln(out, "Starting the all-in-one, with nothing in its log.")
	if err := retry(deadline, func() (bool, error) { return ready(deadline) }); err != nil {
		return fmt.Errorf("the all-in-one did not become ready: %w", err)
	}
	fmt.Fprintf(out, "\nSending %d webhooks to %s, signed as Shopify signs them:\n", len(webhooks), webhookURL)
	for _, w := range webhooks {
		code, err := w.send(deadline, secret)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %d  %s\n", code, w.topic)
	}

	var lines []line
	err := retry(deadline, func() (done bool, err error) {
		lines, err = query(deadline, `{product="shopify"}`)
		return len(lines) == len(webhooks), err
	})
	if err != nil {
		return fmt.Errorf("%d of %d lines are in Loki: %w", len(lines), len(webhooks), err)
	}
	if err := printLines(out, `{product="shopify"}`, lines); err != nil {
		return err
	}
	const failures = `{product="shopify", status=~"warning|error"}`
	if lines, err = query(deadline, failures); err != nil {
		return err
	}
	if err := printLines(out, failures, lines); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nIt runs on, with Loki at %s. Ctrl-C ends it and removes the lines.\n", lokiURL)
	return err
}

// ready tells whether the listener answers: without a signature, 401 is the answer
// of a receiver that runs.
func ready(ctx context.Context) (bool, error) {
	code, err := webhook{topic: "orders/create", body: "{}"}.send(ctx, "wrong")
	if errors.Is(err, syscall.ECONNREFUSED) {
		return false, nil
	}
	return code == http.StatusUnauthorized, err
}

// retry calls try until it is done, it fails, or the context ends.
func retry(ctx context.Context, try func() (done bool, err error)) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		done, err := try()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// printLines prints what a query found the way the integration log shows it.
func printLines(out io.Writer, selector string, lines []line) error {
	fmt.Fprintf(out, "\n%s has %d lines:\n", selector, len(lines))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  DATE/TIME\tPRODUCT\tSTATUS\tDESCRIPTION")
	for _, l := range lines {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", l.at.Format(time.DateTime), l.labels["product"], l.labels["status"], l.text)
	}
	return table.Flush()
}
