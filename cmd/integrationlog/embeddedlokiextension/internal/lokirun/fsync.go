// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"sync"

	"github.com/grafana/dskit/httpgrpc"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"google.golang.org/grpc"
)

// syncPushes lets a push be acknowledged only once the disk has it.
//
// Loki hands its write-ahead log to the operating system and does not wait for the disk. The
// sending queue forgets what Loki has acknowledged, so that a power cut would lose it.
func syncPushes(directory string) grpc.UnaryServerInterceptor {
	log := newSyncedLog(directory)
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		answer, err := handler(ctx, request)
		if err != nil || info.FullMethod != pushMethod {
			return answer, err
		}
		if err := log.sync(); err != nil {
			return nil, httpgrpc.Errorf(http.StatusServiceUnavailable, "the write-ahead log cannot be written through to the disk: %v", err)
		}
		return answer, nil
	}
}

// syncedLog is a write-ahead log that is written through to the disk.
type syncedLog struct {
	directory string
	file      func(name string) error

	mu sync.Mutex
	// newest is the segment up to which nothing is written any more.
	newest int
}

func newSyncedLog(directory string) *syncedLog {
	log := &syncedLog{directory: directory, file: syncFile}
	if _, last, err := wlog.Segments(directory); err == nil {
		log.newest = max(0, last)
	}
	return log
}

// sync returns once the disk has what was written before the call.
func (l *syncedLog) sync() error {
	l.mu.Lock()
	from := l.newest
	l.mu.Unlock()
	_, last, err := wlog.Segments(l.directory)
	if err != nil {
		return err
	}
	for segment := from; segment <= last; segment++ {
		// One that a checkpoint has taken the place of is not there any more.
		if err := l.file(wlog.SegmentName(l.directory, segment)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	l.mu.Lock()
	l.newest = max(l.newest, last)
	l.mu.Unlock()
	return nil
}

func syncFile(name string) (err error) {
	file, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // a file in Loki's own directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return file.Sync()
}
