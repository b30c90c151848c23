// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

// requesting is a stream with a request for which nobody has time.
type requesting struct {
	subscribeStream

	ctx context.Context //nolint:containedctx // a stream has one
}

func (r *requesting) Context() context.Context { return r.ctx }

func (*requesting) Recv() (*pubsubapi.FetchRequest, error) { return &pubsubapi.FetchRequest{}, nil }

// TestEndOfAStreamWithARequest: who waits for requests is told of the end of the stream
// even if a request was at hand that moment. It would be found out a minute later else.
func TestEndOfAStreamWithARequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, ended := (&subscription{stream: &requesting{ctx: ctx}}).receive()
	cancel()
	select {
	case err := <-ended:
		require.ErrorIs(t, err, context.Canceled)
	case <-time.After(10 * time.Second):
		require.Fail(t, "the end was not told")
	}
}
