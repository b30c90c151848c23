// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"
)

// StopTimeout is how long a process may take to end after SIGTERM: half of what the shipped
// services and pods give it, also on a machine that is busy with other tests.
const StopTimeout = 30 * time.Second

// shownOutput is how much of a process's output a failed test shows.
const shownOutput = 12_000

// Process is a running binary. It is killed when the test ends, at the latest.
type Process struct {
	// Stdout and Stderr are what it wrote so far.
	Stdout, Stderr *Output
	// Began is when it was started.
	Began time.Time

	command *exec.Cmd
	done    chan struct{}
}

// Command is what to start.
type Command struct {
	// Path is the binary.
	Path string
	// Args are its arguments.
	Args []string
	// Env is its whole environment but for the few variables that any program needs:
	// what the tests run in does not reach it.
	Env []string
	// Dir is its working directory.
	Dir string
}

// Start starts a process. It does not wait for anything.
func Start(tb testing.TB, c Command) *Process {
	tb.Helper()
	p := &Process{Stdout: &Output{}, Stderr: &Output{}, Began: time.Now(), done: make(chan struct{})}
	p.command = exec.Command(c.Path, c.Args...) //nolint:gosec,noctx // the test's own binary; the test ends it
	p.command.Dir = c.Dir
	p.command.Stdout, p.command.Stderr = p.Stdout, p.Stderr
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			p.command.Env = append(p.command.Env, name+"="+value)
		}
	}
	p.command.Env = append(p.command.Env, c.Env...)
	endWithTest(p.command)
	require.NoError(tb, p.command.Start())
	go func() {
		defer close(p.done)
		_ = p.command.Wait() // what it ended with is in ProcessState
	}()
	tb.Cleanup(p.Kill)
	return p
}

// PID returns the number that the system knows the process by.
func (p *Process) PID() int { return p.command.Process.Pid }

// Done is closed when the process has ended and all its output is there.
func (p *Process) Done() <-chan struct{} { return p.done }

// ExitCode returns what the process ended with, -1 if a signal ended it. It waits
// for the end.
func (p *Process) ExitCode() int {
	<-p.done
	return p.command.ProcessState.ExitCode()
}

// Signal sends a signal. A process that has ended by itself is no error.
func (p *Process) Signal(s syscall.Signal) { _ = p.command.Process.Signal(s) }

// Kill ends the process at once, with SIGKILL, and waits for the end.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.done
}

// Wait waits for the end and fails the test if it takes longer than a stop may.
func (p *Process) Wait(tb testing.TB) {
	tb.Helper()
	timer := time.NewTimer(StopTimeout)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.Signal(syscall.SIGQUIT) // Go prints what each goroutine is at
		<-p.done
		require.Fail(tb, "the process has not ended", "within %s: %s", StopTimeout, p.Stderr.Tail(shownOutput))
	}
}

// Stop ends the process with SIGTERM, and requires that it ends in time and says
// that all went well. It returns how long it took.
func (p *Process) Stop(tb testing.TB) time.Duration {
	tb.Helper()
	began := time.Now()
	p.Signal(syscall.SIGTERM)
	p.Wait(tb)
	took := time.Since(began)
	require.Zero(tb, p.ExitCode(), "exit code after SIGTERM")
	return took
}

// RSS returns the resident memory of the process in bytes.
func (p *Process) RSS(tb testing.TB) uint64 {
	tb.Helper()
	memory, err := p.Memory()
	require.NoError(tb, err)
	return memory
}

// Memory is RSS for those who watch a process that may end meanwhile, which is an error.
func (p *Process) Memory() (uint64, error) {
	observed, err := process.NewProcess(int32(p.PID())) //nolint:gosec // a process id fits
	if err != nil {
		return 0, err
	}
	memory, err := observed.MemoryInfo()
	if err != nil {
		return 0, err
	}
	return memory.RSS, nil
}

// HasEnded tells whether the process has ended.
func (p *Process) HasEnded() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// show logs the end of what the process wrote.
func (p *Process) show(tb testing.TB) {
	tb.Helper()
	tb.Logf("process %d, stdout:\n%s\nstderr:\n%s", p.PID(), p.Stdout.Tail(shownOutput), p.Stderr.Tail(shownOutput))
}
