// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/screenshots"

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// demo is the demo that is photographed.
type demo struct {
	command *exec.Cmd
	out     *bufio.Scanner
}

// startDemo starts it with its working hours in a zone, and some live traffic.
func startDemo(ctx context.Context, binary, zone string) (*demo, error) {
	command := exec.CommandContext(ctx, binary, "demo", "--seed", "1", "--rate", "40") //nolint:gosec // whoever runs this names the binary
	command.Env = append(os.Environ(), "TZ="+zone)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", binary, err)
	}
	return &demo{command, bufio.NewScanner(out)}, nil
}

// awaitWeek waits until the demo says that its week is complete, and returns the address of
// the log page.
func (d *demo) awaitWeek() (page string, _ error) {
	for d.out.Scan() {
		line := strings.TrimSpace(d.out.Text())
		if address, ok := strings.CutPrefix(line, "Log page"); ok {
			page = strings.TrimSpace(address)
		}
		if strings.Contains(line, "the week is complete") {
			go func() {
				for d.out.Scan() { // it must not wait for somebody who reads
				}
			}()
			return page, nil
		}
	}
	return "", errors.Join(errors.New("the demo ended before its week was complete"), d.out.Err())
}

// stop ends the demo as Ctrl-C does.
func (d *demo) stop() error {
	if err := d.command.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if err := d.command.Wait(); err != nil {
		return fmt.Errorf("the demo did not end well: %w", err)
	}
	return nil
}
