// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// signalGrace is how long the collector may take to begin its shutdown after a
// signal. It does so at once, unless it did not get the signal.
const signalGrace = 2 * time.Second

// signalWatch sees to it that no signal is lost.
//
// The collector listens for signals only when everything has started. Until then
// a signal would simply end the process, had not Loki's handler been installed:
// that one takes the signal and, as it is made to, does nothing.
type signalWatch struct {
	received chan os.Signal
	seen     atomic.Bool

	endOnce sync.Once
	ended   chan struct{}
}

func watchSignals() *signalWatch {
	w := &signalWatch{received: make(chan os.Signal, 1), ended: make(chan struct{})}
	signal.Notify(w.received, os.Interrupt, syscall.SIGTERM)
	return w
}

// end stops the watch: the collector shuts down.
func (w *signalWatch) end() {
	w.endOnce.Do(func() { close(w.ended) })
}

// close gives the signals back. It reports whether one came while they were watched.
func (w *signalWatch) close() bool {
	w.end()
	signal.Stop(w.received)
	select {
	case <-w.received:
		w.seen.Store(true)
	default:
	}
	return w.seen.Load()
}

// run calls lost if there is a signal that the collector does not act upon.
func (w *signalWatch) run(lost func(error)) {
	select {
	case s := <-w.received:
		w.seen.Store(true)
		select {
		case <-time.After(signalGrace):
			lost(fmt.Errorf("signal %q came before the collector listened for it", s))
		case <-w.ended:
		}
	case <-w.ended:
	}
}
