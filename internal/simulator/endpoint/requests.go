// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package endpoint

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// maxBody is how much of a body is read; no request that belongs here is larger.
	maxBody = 32 << 20
	// maxRequests bounds the memory under load; the oldest are forgotten.
	maxRequests = 10_000
)

// Request is one that came, with everything that was sent along.
type Request struct {
	At     time.Time
	Method string
	Host   string
	Path   string
	Query  url.Values
	Header http.Header
	Body   string
}

// Credential is the Authorization header.
func (r Request) Credential() string { return r.Header.Get("Authorization") }

// requests remembers. Its zero value is ready for use.
type requests struct {
	mu   sync.Mutex
	list []Request
	// handling counts the requests in progress. None begins once it is closed.
	handling sync.WaitGroup
	closed   bool
}

// begin counts a request, unless the endpoint is closed.
func (l *requests) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.handling.Add(1)
	}
	return !l.closed
}

func (l *requests) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

// record keeps a request and gives back its body.
func (l *requests) record(r *http.Request) (*bytes.Reader, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= maxRequests {
		l.list = slices.Delete(l.list, 0, maxRequests/10)
	}
	l.list = append(l.list, Request{
		At: time.Now(), Method: r.Method, Host: r.Host, Path: r.URL.Path,
		Query: r.URL.Query(), Header: r.Header.Clone(), Body: string(body),
	})
	return bytes.NewReader(body), nil
}

// Requests returns the requests so far whose path contains the given text, oldest
// first.
func (s *Server) Requests(path string) []Request {
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	var found []Request
	for _, request := range s.requests.list {
		if strings.Contains(request.Path, path) {
			found = append(found, request)
		}
	}
	return found
}

// ForgetRequests forgets the requests so far.
func (s *Server) ForgetRequests() {
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	s.requests.list = nil
}
