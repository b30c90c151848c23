// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	// lookEvery is how often it is looked what has become visible, and so how exact it is.
	lookEvery = 100 * time.Millisecond
	// outOfOrder is by how much one may be older than one that was visible before it.
	outOfOrder = 2 * time.Second
)

// watch sees when the failures of a shop become visible in Loki. There are few, so that looking costs
// little; they come in the same requests and leave in the same pushes as all others.
type watch struct {
	shop   *shop
	loki   *harness.Loki
	cancel context.CancelFunc
	done   sync.WaitGroup
	seen   atomic.Int64
	took   []time.Duration
	err    error
}

func startWatch(ctx context.Context, s *shop, loki *harness.Loki) *watch {
	ctx, cancel := context.WithCancel(ctx)
	w := &watch{shop: s, loki: loki, cancel: cancel}
	w.done.Go(func() { w.run(ctx, time.Now()) })
	return w
}

func (w *watch) run(ctx context.Context, newest time.Time) {
	ids := map[string]bool{}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		entries, err := w.loki.EntriesBetween(ctx, `{product="shopify", status="error"}`, newest.Add(-outOfOrder), time.Now().Add(outOfOrder))
		now := time.Now()
		if err != nil && ctx.Err() == nil {
			w.err = err
		}
		for _, entry := range entries {
			id := entry.Labels[idLabel]
			if _, own := w.shop.number(id); own && !ids[id] {
				ids[id] = true
				w.took = append(w.took, now.Sub(entry.Time))
			}
			if entry.Time.After(newest) {
				newest = entry.Time
			}
		}
		w.seen.Store(int64(len(ids)))
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// stop waits until all were seen, and returns within which time 99 of 100 were.
func (w *watch) stop(b *testing.B) time.Duration {
	b.Helper()
	wanted := w.shop.countFailures()
	harness.Eventually(b, within, func(context.Context) error {
		if seen := int(w.seen.Load()); seen != wanted {
			return fmt.Errorf("%d failures seen of %d", seen, wanted)
		}
		return nil
	})
	w.end()
	require.NoError(b, w.err)
	slices.Sort(w.took)
	return w.took[(len(w.took)-1)*99/100]
}

func (w *watch) end() {
	w.cancel()
	w.done.Wait()
}
