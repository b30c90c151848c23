// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"

import (
	"os"
	"os/exec"
	"slices"
	"syscall"

	"github.com/chromedp/chromedp"
)

// nice has Chromium step back for what it looks at: where it took both processors for a second,
// Loki's parts would lose each other, and with them an answer. As root it would even raise its
// priority, unless it may not. It ends with this process, which chromedp sees to where nothing
// else is asked for.
var nice = []chromedp.ExecAllocatorOption{chromedp.ModifyCmdFunc(func(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	runBy(command, "nice", "-n", "10")
	if os.Geteuid() == 0 {
		runBy(command, "setpriv", "--bounding-set=-sys_nice")
	}
})}

// runBy has another command run this one, where it is there.
func runBy(command *exec.Cmd, by ...string) {
	path, err := exec.LookPath(by[0])
	if err != nil {
		return
	}
	command.Args = slices.Concat(by, []string{command.Path}, command.Args[1:])
	command.Path = path
}
