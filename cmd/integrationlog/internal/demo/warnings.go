// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// warnings reads what the collector logs, and shows warnings and errors of it to a person,
// each kind once. It is a writer of lines.
type warnings struct {
	show func(line string)

	mu   sync.Mutex
	rest []byte
	seen map[string]int
	// plain are the latest lines that are no entries: what the process says when it ends.
	plain []string
}

// maxPlain is how many plain lines are kept.
const maxPlain = 5

// entry is a line of the collector's log.
type entry struct {
	Level     string `json:"level"`
	Message   string `json:"msg"`
	Component string `json:"otelcol.component.id"`
	Error     string `json:"error"`
}

func newWarnings(show func(line string)) *warnings {
	return &warnings{show: show, seen: map[string]int{}}
}

// Write implements io.Writer.
func (w *warnings) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, p...)
	for {
		line, rest, found := bytes.Cut(w.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		w.line(line)
		w.rest = append([]byte(nil), rest...)
	}
}

func (w *warnings) line(line []byte) {
	var e entry
	if json.Unmarshal(line, &e) != nil {
		if text := strings.TrimSpace(string(line)); text != "" {
			w.plain = append(w.plain, text)
			w.plain = w.plain[max(0, len(w.plain)-maxPlain):]
		}
		return
	}
	if !e.concerns() {
		return
	}
	kind := e.Component + " " + e.Message
	w.seen[kind]++
	if w.seen[kind] == 1 {
		w.show(e.String())
	}
}

// concerns tells whether a person should see it. What Loki says of its inner life, such as an
// error for each query that it ends early, is for the file: what the log lacks because of it
// the demo sees itself. So is what gRPC says of its connections: they are Loki's own, or those
// of a receiver, which says in its own words what fails. That something did not start ends the process, and is in its last
// words.
func (e entry) concerns() bool {
	if e.Component == "embedded_loki" || strings.HasPrefix(e.Message, "[core] ") || strings.HasPrefix(e.Message, "Failed to start ") {
		return false
	}
	return e.Level == "warn" || e.Level == "error" || e.Level == "fatal"
}

// String says it to a person.
func (e entry) String() string {
	word := map[string]string{"warn": "Warning", "error": "Error", "fatal": "Error"}[e.Level]
	text := e.Message
	if e.Component != "" {
		text = e.Component + ": " + text
	}
	if e.Error != "" {
		text += ": " + e.Error
	}
	return fmt.Sprintf("%s of the collector: %s", word, text)
}

// last returns the last lines that the process wrote without its log, each on a line of its
// own.
func (w *warnings) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.plain) == 0 {
		return ""
	}
	return ":\n  " + strings.Join(w.plain, "\n  ")
}
