// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	// slowConnections is how many slow senders each listener has at a time.
	slowConnections = 50
	// cutOffWithin is more than the longest time that a shipped listener gives: the 30 s of
	// Loki, and of OTLP's bodies.
	cutOffWithin = 40 * time.Second
)

// slowSenders send a header and never end it, or announce a body that does not come. Meanwhile
// everybody else is served, and in the end they are cut off, but where the listener is patient.
func slowSenders(t *testing.T, w *world) {
	t.Helper()
	var slow []*slowConnection
	for _, p := range w.programs {
		for _, l := range p.listeners() {
			for n := range slowConnections {
				if s := begin(t, p, l, n); !l.patient {
					slow = append(slow, s)
				}
			}
		}
	}
	began := time.Now()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		for _, l := range p.listeners() {
			require.NoError(t, l.get(t.Context()))
		}
		w.sendInOrder(t, p)
	})
	assert.Less(t, time.Since(began), patience, "nobody waits for the slow")

	var waiting sync.WaitGroup
	for _, s := range slow {
		waiting.Go(func() { assert.NoError(t, s.awaitEnd(began.Add(cutOffWithin)), "%s, %s", s.listener.name, s.sent) })
	}
	waiting.Wait()
}

// slowConnection is one on which nothing more is sent.
type slowConnection struct {
	net.Conn
	listener listener
	sent     string
}

// begin sends the beginning of a request, of which there are several kinds.
func begin(t *testing.T, p *program, l listener, n int) *slowConnection {
	t.Helper()
	product := harness.PushedProducts[0] // Sunshine Conversations has 15 s, which is as long as its own patience
	beginnings := []string{
		"G",
		"GET / HTTP/1.1\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b",
	}
	if l.name == "webhooks" { // a body is waited for where it is read at all
		beginnings = append(beginnings,
			"POST "+path(product.Product)+" HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "+product.Secret+"\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
			"POST "+path(product.Product)+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
			"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
		)
	}
	switch l.name {
	case "OTLP":
		beginnings = append(beginnings, "POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	case "Loki":
		beginnings = append(beginnings, "POST /otlp/v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	}
	s := &slowConnection{Conn: connect(t, l.address()), listener: l, sent: beginnings[n%len(beginnings)]}
	_, err := io.WriteString(s, s.sent)
	require.NoError(t, err, p.name)
	return s
}

// awaitEnd returns an error if the other side has not closed until then.
func (s *slowConnection) awaitEnd(deadline time.Time) error {
	if err := s.SetReadDeadline(deadline); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, s) // it may answer before
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return s.Close() // it may as well have been reset
}
