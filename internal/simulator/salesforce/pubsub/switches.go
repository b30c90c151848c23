// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"sync"
	"time"
)

// Method is a remote procedure whose calls can be made to fail.
type Method string

// The methods.
const (
	Subscribe Method = "Subscribe"
	GetTopic  Method = "GetTopic"
	GetSchema Method = "GetSchema"
)

// switches are the failures in force.
type switches struct {
	mu   sync.Mutex
	next map[Method][]Failure
	// delays is how late answers come.
	delays map[Method]time.Duration
	// killed is closed to end every open stream with failure.
	killed  chan struct{}
	failure Failure
}

// FailNext lets the next calls of a method end with a failure.
func (s *Server) FailNext(method Method, times int, failure Failure) {
	s.switches.mu.Lock()
	defer s.switches.mu.Unlock()
	if s.switches.next == nil {
		s.switches.next = map[Method][]Failure{}
	}
	for range times {
		s.switches.next[method] = append(s.switches.next[method], failure)
	}
}

// Delay lets every call of a method wait before it is answered; 0 ends that.
func (s *Server) Delay(method Method, delay time.Duration) {
	s.switches.mu.Lock()
	defer s.switches.mu.Unlock()
	if s.switches.delays == nil {
		s.switches.delays = map[Method]time.Duration{}
	}
	s.switches.delays[method] = delay
}

// wait lets a call wait for as long as it is told to, or until the client gives up.
func (w *switches) wait(ctx context.Context, method Method) {
	w.mu.Lock()
	delay := w.delays[method]
	w.mu.Unlock()
	if delay == 0 {
		return
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// take returns the failure that is due.
func (w *switches) take(method Method) (Failure, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	due := w.next[method]
	if len(due) == 0 {
		return Failure{}, false
	}
	w.next[method] = due[1:]
	return due[0], true
}

// KillStreams ends every open stream with a failure.
func (s *Server) KillStreams(failure Failure) {
	s.switches.mu.Lock()
	defer s.switches.mu.Unlock()
	s.switches.failure = failure
	close(s.switches.killed)
	s.switches.killed = make(chan struct{})
}

// kill returns what is closed when the streams of now are ended.
func (w *switches) kill() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.killed
}

func (w *switches) reason() Failure {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failure
}

// Silence lets a topic take subscriptions and requests, and send nothing at all, no
// keepalive either: half-open connections look so, and channels whose objects the user
// may not see. Open streams fall silent too, and go on when it is lifted.
func (s *Server) Silence(topicName string, silent bool) {
	s.bus.update(func() {
		if t := s.bus.topic(topicName); t != nil {
			t.silent = silent
		}
	})
}

// Forbid takes the permission to subscribe to a topic away, or gives it back. Open
// streams stay.
func (s *Server) Forbid(topicName string, forbidden bool) {
	s.bus.update(func() {
		if t := s.bus.topic(topicName); t != nil {
			t.forbidden = forbidden
		}
	})
}

// ForgetEvents drops every event so far from retention: what is not delivered yet is
// lost, and the replay ids so far are not valid any more.
func (s *Server) ForgetEvents() {
	s.bus.update(func() {
		s.bus.forgotten = s.bus.tip
		s.bus.events = nil
		clear(s.bus.issued)
		s.bus.advance()
	})
}

// Advance moves the end of the stream on without an event, as traffic on other topics
// does: the next keepalive has a new replay id.
func (s *Server) Advance() {
	s.bus.update(func() { s.bus.advance() })
}
