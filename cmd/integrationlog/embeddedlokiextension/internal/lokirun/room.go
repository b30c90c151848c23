// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/grafana/dskit/httpgrpc"
	"github.com/shirou/gopsutil/v4/disk"
	"go.uber.org/zap"
	"google.golang.org/grpc"
)

// reservedRoom is how much of the disk is left when pushes are refused, in bytes.
// What else writes there at the same moment has to fit in: the sending queue, chunks,
// a checkpoint.
const reservedRoom = 64 << 20

// noPushWithoutRoom refuses pushes, for the sender to try again, while there is next
// to no room on the disk of the write-ahead log.
//
// Loki acknowledges a push that it could not write to its log for want of room, and a
// kill then loses it. Its own guard, disk_full_threshold, looks once in 10 seconds,
// which is too late.
func noPushWithoutRoom(directory string, logger *zap.Logger) grpc.UnaryServerInterceptor {
	guard := &roomGuard{directory: directory, logger: logger, free: freeRoom}
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if info.FullMethod == pushMethod && !guard.hasRoom(ctx) {
			return nil, errDiskFull()
		}
		return handler(ctx, request)
	}
}

// errDiskFull is an error that Loki answers with 503.
func errDiskFull() error {
	return httpgrpc.Error(http.StatusServiceUnavailable, "the disk of the write-ahead log is full")
}

type roomGuard struct {
	directory string
	logger    *zap.Logger
	free      func(ctx context.Context, directory string) (bytes uint64, err error)
	refusing  atomic.Bool
}

// hasRoom tells whether a push may go on. Where that cannot be found out it may.
func (g *roomGuard) hasRoom(ctx context.Context) bool {
	free, err := g.free(ctx, g.directory)
	full := err == nil && free < reservedRoom
	if g.refusing.Swap(full) != full {
		if full {
			g.logger.Warn("The disk is full: Loki takes no records until there is room again; they wait where they are",
				zap.String("directory", g.directory), zap.Uint64("free_mib", free>>20), zap.Uint64("needed_mib", reservedRoom>>20))
		} else {
			g.logger.Info("There is room on the disk again: Loki takes records")
		}
	}
	return !full
}

func freeRoom(ctx context.Context, directory string) (uint64, error) {
	usage, err := disk.UsageWithContext(ctx, directory)
	if err != nil {
		return 0, err
	}
	return usage.Free, nil
}
