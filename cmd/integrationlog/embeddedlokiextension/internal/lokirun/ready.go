// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

const readyPoll = 20 * time.Millisecond

// Ready waits until Loki answers 200 on /ready. It returns an error when Loki
// stops before, or when ctx ends; that one says what Loki still waits for.
func (i *Instance) Ready(ctx context.Context) error {
	select {
	case <-i.host.begun:
	case <-i.done:
		return i.stopped()
	case <-ctx.Done():
		return fmt.Errorf("its start has not begun: %w", ctx.Err())
	}
	ticker := time.NewTicker(readyPoll)
	defer ticker.Stop()
	for {
		status, text := i.askReady(ctx)
		if status == http.StatusOK {
			i.ready.Store(true)
			return nil
		}
		select {
		case <-ticker.C:
		case <-i.done:
			return i.stopped()
		case <-ctx.Done():
			return fmt.Errorf("not ready (%s): %w", text, ctx.Err())
		}
	}
}

func (i *Instance) stopped() error {
	if i.err != nil {
		return i.err
	}
	return errors.New("it stopped while it started")
}

// askReady asks Loki's handler without the network in between, so neither TLS nor
// a proxy of the environment matters.
func (i *Instance) askReady(ctx context.Context) (status int, text string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, path.Join("/", i.loki.Cfg.Server.PathPrefix, "ready"), http.NoBody)
	if err != nil {
		return 0, err.Error()
	}
	answer := answer{header: http.Header{}, status: http.StatusOK}
	i.host.router.ServeHTTP(&answer, request)
	return answer.status, strings.Join(strings.Fields(answer.body.String()), " ")
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

var _ http.ResponseWriter = (*answer)(nil)

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }
