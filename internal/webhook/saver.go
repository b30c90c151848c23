// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/webhook/internal/seen"
)

// saveInterval is how often the memory of accepted activities is written down. What a
// kill costs of it is at most that much; a redelivery of just that is the same record
// again, which the delivery to Loki recognises.
const saveInterval = time.Second

// saver writes the memory of accepted activities down: regularly, and when somebody has
// to be sure of it.
type saver struct {
	store    *seen.Store
	logger   *zap.Logger
	requests chan chan error

	cancel context.CancelFunc
	done   sync.WaitGroup
}

func startSaver(ctx context.Context, store *seen.Store, logger *zap.Logger) *saver {
	// It outlives the start, whose context may end.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &saver{store: store, logger: logger, requests: make(chan chan error), cancel: cancel}
	s.done.Go(func() { s.run(ctx) })
	return s
}

// stop ends the writing; the store is the caller's again.
func (s *saver) stop() {
	s.cancel()
	s.done.Wait()
}

// flush returns once everything that was remembered before is written down.
func (s *saver) flush(ctx context.Context) error {
	reply := make(chan error, 1)
	select {
	case s.requests <- reply:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-reply:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *saver) run(ctx context.Context) {
	ticker := time.NewTicker(saveInterval)
	defer ticker.Stop()
	failing := false
	for {
		var waiting []chan error
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case reply := <-s.requests:
			waiting = s.others(reply)
		}
		err := s.store.Save(ctx, time.Now())
		if err != nil && !failing && ctx.Err() == nil {
			s.logger.Error("Accepted activities are remembered in memory only until this is over", zap.Error(err))
		}
		failing = err != nil
		for _, reply := range waiting {
			reply <- err
		}
	}
}

// others returns who else waits, so that they share one transaction.
func (s *saver) others(first chan error) []chan error {
	waiting := []chan error{first}
	for {
		select {
		case reply := <-s.requests:
			waiting = append(waiting, reply)
		default:
			return waiting
		}
	}
}
