// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"slices"
	"syscall"
	"testing"
	"time"
)

// fault is what is done to a station while its load runs.
type fault struct {
	name string
	do   func(t *testing.T, s *station)
	// once tells that Loki is there all the while, and may hardly be sent anything twice.
	once bool
}

// beside are faults of a program beside a Loki of its own, which is there all the while.
func beside(list []fault) []fault {
	list = slices.Clone(list)
	for i := range list {
		list[i].once = true
	}
	return list
}

// killings are ends of a program at moments that it does not expect.
var killings = []fault{
	{name: "kill -9, four times", do: func(t *testing.T, s *station) {
		t.Helper()
		for range 4 {
			s.moment(t, 1500*time.Millisecond)
			s.kill()
			s.run(t)
		}
	}},
	{name: "kill -9 during start-up, four times", do: func(t *testing.T, s *station) {
		t.Helper()
		for early := 0; early < 4; {
			s.kill()
			process := s.start(t)
			s.moment(t, s.startsWithin)
			if len(process.Stderr.Lines("Everything is ready")) == 0 {
				early++
			}
		}
		s.kill()
		s.run(t)
	}},
	{name: "no file descriptors left for three seconds", do: noDescriptors},
	{name: "SIGSTOP for three seconds, SIGCONT", do: func(t *testing.T, s *station) {
		t.Helper()
		pause(t, time.Second)
		s.process.Load().Signal(syscall.SIGSTOP)
		pause(t, 3*time.Second)
		s.process.Load().Signal(syscall.SIGCONT)
		pause(t, time.Second)
	}},
	{name: "SIGTERM, and kill -9 in the middle of the shutdown", do: func(t *testing.T, s *station) {
		t.Helper()
		for halfway := 0; halfway < 3; {
			s.moment(t, time.Second)
			process := s.process.Load()
			process.Signal(syscall.SIGTERM)
			s.moment(t, 100*time.Millisecond)
			if !process.HasEnded() {
				halfway++
			}
			s.kill()
			s.run(t)
		}
	}},
	{name: "SIGTERM, started again, three times", do: func(t *testing.T, s *station) {
		t.Helper()
		for range 3 {
			s.moment(t, time.Second)
			s.process.Load().Stop(t)
			s.run(t)
		}
	}},
}
