// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Case is a row of a vendor's table of replies.
type Case string

// The rows that every receiver has, and those that only some have.
const (
	Accepted    Case = "accepted"
	Duplicate   Case = "duplicate"
	Malformed   Case = "malformed"
	WrongSecret Case = "wrong secret"
	NoSecret    Case = "no secret"
	MediaType   Case = "another media type"
	TooLarge    Case = "too large"
	NotRunning  Case = "route not running yet"
	ForNow      Case = "pipeline refuses for now"
	ForGood     Case = "pipeline refuses for good"
	Deadline    Case = "deadline passed"

	Filtered    Case = "filtered"
	UnknownType Case = "unknown type"
)

// ReplyTable is a vendor's table of replies.
type ReplyTable struct {
	// New returns the receiver anew for each row.
	New func(tb testing.TB) Subject
	// Requests are those of Accepted, Malformed, WrongSecret and NoSecret, and of
	// Filtered and UnknownType where the receiver has such.
	Requests map[Case]Request
	// Want is the status code of each row.
	Want map[Case]int
}

const (
	// shortTimeout is the deadline of the row that lets it pass.
	shortTimeout = 50 * time.Millisecond
	// smallBody is the largest body of the row that exceeds it.
	smallBody = 16 << 10
)

// Check checks the table, row by row.
func (table ReplyTable) Check(t *testing.T) {
	t.Helper()
	forNow := errors.New("the queue is full")
	rows := map[Case]struct {
		request Case
		next    consumer.Logs
	}{
		Accepted:    {request: Accepted},
		Duplicate:   {request: Accepted},
		Malformed:   {request: Malformed},
		WrongSecret: {request: WrongSecret},
		NoSecret:    {request: NoSecret},
		MediaType:   {request: MediaType},
		TooLarge:    {request: TooLarge},
		NotRunning:  {request: Accepted},
		ForNow:      {request: Accepted, next: consumertest.NewErr(forNow)},
		ForGood:     {request: Accepted, next: consumertest.NewErr(consumererror.NewPermanent(forNow))},
		Deadline:    {request: Accepted, next: never{}},
		Filtered:    {request: Filtered},
		UnknownType: {request: UnknownType},
	}
	requests := maps.Clone(table.Requests)
	valid := requests[Accepted]
	requests[MediaType] = valid.With("Content-Type", "text/plain")
	requests[TooLarge] = Request{valid.Header, append(bytes.Repeat([]byte{' '}, smallBody), valid.Body...)}

	for row, given := range rows {
		request, ok := requests[given.request]
		if !ok && (row == Filtered || row == UnknownType) {
			continue // the receiver has no such thing
		}
		t.Run(string(row), func(t *testing.T) {
			require.True(t, ok, "the table has no request for this row")
			subject := table.New(t)
			switch row {
			case Deadline:
				subject.Shared.Timeout = shortTimeout
			case TooLarge:
				subject.Shared.ServerConfig.MaxRequestBodySize = smallBody
			}
			var r *Running
			if row == NotRunning {
				r = announce(t, subject, table.New(t))
			} else {
				r = Start(t, subject, given.next)
			}
			if row == Duplicate {
				require.Equal(t, table.Want[Accepted], r.Post(t, request).Code)
			}
			reply := r.Post(t, request)
			assert.Equal(t, table.Want[row], reply.Code)
			assert.Equal(t, reply.Code == http.StatusServiceUnavailable, reply.Header.Get("Retry-After") != "", "only 503 asks to come again")
			stored := row == Accepted || row == Duplicate || row == UnknownType && r.Sum(t, "otelcol_webhook_unknown_activities") > 0
			assert.Equal(t, stored, r.Sink.LogRecordCount() == 1)
		})
	}
}

// announce returns a receiver that does not run yet, while a neighbour on the same
// listener does.
func announce(t *testing.T, subject, neighbour Subject) *Running {
	t.Helper()
	address := FreeAddress(t)
	subject.Shared.ServerConfig.NetAddr.Endpoint = address
	neighbour.Shared.ServerConfig.NetAddr.Endpoint = address
	neighbour.Shared.Path += "/neighbour"
	r, waiting := create(t, subject, nil)
	_, running := create(t, neighbour, nil)
	require.NoError(t, running.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
		defer cancel()
		require.NoError(t, running.Shutdown(ctx))
		require.NoError(t, waiting.Shutdown(ctx))
	})
	return r
}

// never is a pipeline that takes nothing until it is told to give up.
type never struct{}

func (never) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (never) ConsumeLogs(ctx context.Context, _ plog.Logs) error {
	<-ctx.Done()
	return ctx.Err()
}
