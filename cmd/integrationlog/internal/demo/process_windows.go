// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// standAlone keeps Ctrl-C from reaching the process otherwise than through its parent.
func standAlone(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// statusControlCExit is the exit code of a process that Ctrl-Break has ended.
const statusControlCExit = 0xC000013A

// endedAtOnce tells whether a process that was asked to end did so without knowing how to.
func endedAtOnce(state *os.ProcessState) bool { return uint32(state.ExitCode()) == statusControlCExit } //nolint:gosec // Windows has it so

// askToEnd asks a process to end well. A process group of its own gets Ctrl-Break only.
func askToEnd(process *os.Process) error {
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(process.Pid)) //nolint:gosec // a process id is not negative
}
