// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"bytes"
	"strings"
	"sync"
)

// Output is what a process writes. It may be read while it is written.
type Output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

// String returns everything so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

// Lines returns the lines so far that contain all of the texts.
func (o *Output) Lines(texts ...string) []string {
	var lines []string
	for line := range strings.Lines(o.String()) {
		if containsAll(line, texts) {
			lines = append(lines, strings.TrimRight(line, "\n"))
		}
	}
	return lines
}

func containsAll(line string, texts []string) bool {
	for _, text := range texts {
		if !strings.Contains(line, text) {
			return false
		}
	}
	return true
}

// Tail returns at most the last size bytes.
func (o *Output) Tail(size int) string {
	text := o.String()
	if len(text) <= size {
		return text
	}
	return "…" + text[len(text)-size:]
}
