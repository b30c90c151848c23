// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package endpoint

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Always is the number of times of a fault that stays until it is taken away.
const Always = -1

// Answer answers a request in place of the vendor. The vendor's own answer is to be
// had from it.
type Answer func(w http.ResponseWriter, r *http.Request, vendor http.Handler)

// Fault is something that goes wrong with the next requests.
type Fault struct {
	// Path is what the path of a request has to contain; empty stands for every path.
	Path string
	// Times is how many requests it strikes; Always for all until it is taken away.
	Times int
	// Answer is what they get.
	Answer Answer
}

// faults are those in force, in the order in which they were injected. Its zero value
// is ready for use.
type faults struct {
	mu   sync.Mutex
	list []*Fault
}

// Inject puts a fault in force. Of several that fit a request the first strikes. The
// function that it returns takes the fault away.
func (s *Server) Inject(fault Fault) (remove func()) {
	if fault.Times == 0 {
		return func() {}
	}
	injected := &fault
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, injected)
	return func() { s.faults.remove(injected) }
}

// Heal takes every fault away.
func (s *Server) Heal() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

// Pending is how many faults have still to strike, those that stay among them.
func (s *Server) Pending() int {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	return len(s.faults.list)
}

func (f *faults) remove(fault *Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = slices.DeleteFunc(f.list, func(other *Fault) bool { return other == fault })
}

// take returns what strikes the request, or nil, and counts it.
func (f *faults) take(r *http.Request) Answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.list {
		if !strings.Contains(r.URL.Path, fault.Path) {
			continue
		}
		if fault.Times > 0 {
			fault.Times--
			if fault.Times == 0 {
				f.list = slices.Delete(f.list, i, i+1)
			}
		}
		return fault.Answer
	}
	return nil
}
