// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package endpoint

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Server is a running endpoint. Its methods may be called from any goroutine.
type Server struct {
	// URL is where it listens: http://127.0.0.1: and a port, without a slash.
	URL string

	faults   faults
	requests requests
	server   *http.Server
	done     chan error
}

// Start listens on a free port of the loopback interface. The handler is the vendor.
func Start(handler http.Handler) (*Server, error) {
	return StartAt("127.0.0.1:0", func(*Server) http.Handler { return handler })
}

// StartAt listens on the given address: for whoever has to know it beforehand. The handler is
// made before the first request comes, of the server that some handlers need.
func StartAt(address string, handlerOf func(*Server) http.Handler) (*Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + listener.Addr().String(), done: make(chan error, 1)}
	s.server = &http.Server{
		Handler:           s.handle(handlerOf(s)),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() { s.done <- s.server.Serve(listener) }()
	return s, nil
}

// Elsewhere starts the host that nobody is meant to talk to: it answers everything
// with an empty JSON object, and remembers what it was sent. It shows whether a client
// takes its credentials along to where a link or a redirect points.
func Elsewhere() (*Server, error) {
	return Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		JSON(w, http.StatusOK, struct{}{})
	}))
}

// Close ends every connection, also those with a request in progress, and waits until
// nothing runs any more.
func (s *Server) Close() error {
	err := s.server.Close()
	s.requests.close()
	if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	// Close may be called again.
	s.done <- http.ErrServerClosed
	s.requests.handling.Wait()
	return err
}

// handle records a request and lets a fault that is due answer it.
func (s *Server) handle(vendor http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.requests.begin() {
			panic(http.ErrAbortHandler)
		}
		defer s.requests.handling.Done()
		body, err := s.requests.record(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(body)
		if fault := s.faults.take(r); fault != nil {
			fault(w, r, vendor)
			return
		}
		vendor.ServeHTTP(w, r)
	})
}
