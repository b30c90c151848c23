// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"syscall"
	"testing"
	"time"
)

// fault is what is done to a station while its load runs.
type fault struct {
	name string
	do   func(t *testing.T, s *station)
}

// killings are ends of a program at moments that it does not expect.
var killings = []fault{
	{"kill -9, four times", func(t *testing.T, s *station) {
		t.Helper()
		for range 4 {
			s.moment(t, 1500*time.Millisecond)
			s.kill()
			s.run(t)
		}
	}},
	{"kill -9 during start-up, four times", func(t *testing.T, s *station) {
		t.Helper()
		for range 4 {
			s.kill()
			s.start(t)
			s.moment(t, 700*time.Millisecond)
		}
		s.kill()
		s.run(t)
	}},
	{"SIGSTOP for three seconds, SIGCONT", func(t *testing.T, s *station) {
		t.Helper()
		pause(t, time.Second)
		s.process.Load().Signal(syscall.SIGSTOP)
		pause(t, 3*time.Second)
		s.process.Load().Signal(syscall.SIGCONT)
		pause(t, time.Second)
	}},
	{"SIGTERM, and kill -9 in the middle of the shutdown", func(t *testing.T, s *station) {
		t.Helper()
		for range 3 {
			s.moment(t, time.Second)
			s.process.Load().Signal(syscall.SIGTERM)
			s.moment(t, 200*time.Millisecond)
			s.kill()
			s.run(t)
		}
	}},
	{"SIGTERM, started again, three times", func(t *testing.T, s *station) {
		t.Helper()
		for range 3 {
			s.moment(t, time.Second)
			s.process.Load().Stop(t)
			s.run(t)
		}
	}},
}
