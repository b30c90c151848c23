// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"
)

// quiet is how long a status has to wait after another where none can be overwritten.
const quiet = 15 * time.Second

// screen is where the demo tells what it does: lines that stay, and on a terminal a last one
// that changes. Elsewhere that one is written now and then.
type screen struct {
	terminal bool
	// end is called when nothing can be told any more.
	end func()

	mu     sync.Mutex
	out    io.Writer
	err    error
	status string
	shown  time.Time
}

func newScreen(out io.Writer, end func()) *screen {
	file, isFile := out.(*os.File)
	return &screen{out: out, end: end, terminal: isFile && term.IsTerminal(int(file.Fd()))}
}

// outliveReader keeps the system from ending the process when nobody reads what it writes,
// until the returned function is called: it has to remove its data first. The write fails all
// the same.
func outliveReader() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGPIPE)
	return func() { signal.Stop(signals) }
}

// line writes a line that stays.
func (s *screen) line(format string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	s.write(fmt.Sprintf(format, values...) + "\n")
	if s.terminal {
		s.write(s.status)
	}
}

// progress writes what is so at the moment.
func (s *screen) progress(format string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := fmt.Sprintf(format, values...)
	if s.terminal {
		s.erase()
		s.write(text)
		s.status = text
		return
	}
	if now := time.Now(); now.Sub(s.shown) >= quiet {
		s.shown = now
		s.write(text + "\n")
	}
}

// done takes the last progress away.
func (s *screen) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	s.status = ""
}

// failure tells why nothing could be told any more. That nobody wants to read more is none.
func (s *screen) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil || errors.Is(s.err, syscall.EPIPE) {
		return nil
	}
	return fmt.Errorf("what the demo tells cannot be written: %w", s.err)
}

// erase clears the line that changes. It wants the lock.
func (s *screen) erase() {
	if s.terminal && s.status != "" {
		s.write("\r\x1b[K")
	}
}

// write writes until it fails the first time. It wants the lock.
func (s *screen) write(text string) {
	if s.err != nil || text == "" {
		return
	}
	if _, s.err = io.WriteString(s.out, text); s.err != nil {
		s.end()
	}
}
