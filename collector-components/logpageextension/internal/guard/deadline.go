// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package guard // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/guard"

import (
	"net/http"
	"time"
)

// WriteWithin gives each write of an answer so much time, where the server's own limit is
// for the whole of it. So an export or a live tail lasts as long as its reader reads, and
// one that reads no more is let go. Between writes there is no limit: what makes the answer
// has its own.
func WriteWithin(limit time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &patientWriter{ResponseWriter: w, control: http.NewResponseController(w), limit: limit}
		p.rest()
		// The server writes what is left when the handler has returned.
		defer p.hurry()
		next.ServeHTTP(p, r)
	})
}

// patientWriter sets a deadline while it writes.
type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

// Write implements http.ResponseWriter.
func (p *patientWriter) Write(b []byte) (int, error) {
	p.hurry()
	defer p.rest()
	return p.ResponseWriter.Write(b)
}

// FlushError is what [http.ResponseController] calls.
func (p *patientWriter) FlushError() error {
	p.hurry()
	defer p.rest()
	return p.control.Flush()
}

// Flush implements http.Flusher.
func (p *patientWriter) Flush() { _ = p.FlushError() }

// Unwrap is for [http.ResponseController].
func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// hurry and rest set and take away the deadline, where the connection has deadlines: a
// recorder in a test has none.
func (p *patientWriter) hurry() { _ = p.control.SetWriteDeadline(time.Now().Add(p.limit)) }

func (p *patientWriter) rest() { _ = p.control.SetWriteDeadline(time.Time{}) }
