// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package intakebench

import (
	"syscall"
	"time"
)

// cpuTime is what this process has used of the processors, client and server alike.
// On a machine that does other work too it tells more than the clock.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
