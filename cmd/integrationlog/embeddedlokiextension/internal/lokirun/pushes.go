// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"context"

	"google.golang.org/grpc"
)

// pushMethod is how the distributor hands records to the ingester, in one process
// as well.
const pushMethod = "/logproto.Pusher/Push"

// onePushAtATime lets no two pushes into the ingester at once.
//
// Loki numbers the records of a stream under a lock, but writes them to its
// write-ahead log after the lock. So two pushes to one stream may stand in the log
// in the wrong order, and when the log is read back after a kill, the record with
// the lower number counts as known already and is lost. The first records of a new
// stream may even stand before the stream itself. TestAKillLosesNothing shows both.
func onePushAtATime() grpc.UnaryServerInterceptor {
	turn := make(chan struct{}, 1)
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if info.FullMethod != pushMethod {
			return handler(ctx, request)
		}
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		defer func() { <-turn }()
		return handler(ctx, request)
	}
}
