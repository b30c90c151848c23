// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"os"
	"syscall"
)

// askToEnd asks a process to end well.
func askToEnd(process *os.Process) error { return process.Signal(syscall.SIGTERM) }

// endedAtOnce tells whether a process that was asked to end did so without knowing how to.
func endedAtOnce(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGTERM
}
