// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix && !linux

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"os/exec"
	"syscall"
)

// standAlone keeps Ctrl-C from reaching the process otherwise than through its parent.
func standAlone(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
