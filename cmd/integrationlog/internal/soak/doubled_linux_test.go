// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// received is how many lines Loki was sent since it started. Its answers do not tell whether
// something was sent twice: it shows entries once that are equal, also where it has stored
// them twice.
func (s *station) received(ctx context.Context) (int, error) {
	metrics, err := harness.ReadMetrics(ctx, s.all.Loki.URL+"/metrics")
	return int(metrics.Sum("loki_distributor_lines_received_total")), err
}

// listed is how many entries since a time Loki shows.
func (s *station) listed(ctx context.Context, since time.Time) (int, error) {
	times, err := s.auditor.Stored(ctx, since)
	entries := 0
	for _, n := range times {
		entries += n
	}
	return entries, err
}

// surplus is how many lines more Loki was sent than it shows since a time. Between two calls
// with one time it grows by what Loki was sent again. Nothing may be under way but what is
// fetched. A list that is made while Loki writes to disk may lack what it writes, for that
// moment.
func (s *station) surplus(t *testing.T, since time.Time) int {
	t.Helper()
	s.all.AwaitEmptyQueue(t, deliveryWithin)
	surplus, last := math.MinInt, 0
	harness.Eventually(t, deliveryWithin, func(ctx context.Context) error {
		received, err := s.received(ctx)
		if err != nil {
			return err
		}
		listed, err := s.listed(ctx, since)
		if err != nil {
			return err
		}
		if last, surplus = surplus, received-listed; surplus != last {
			return fmt.Errorf("%d lines more than are listed, and %d before", surplus, last)
		}
		return nil
	})
	return surplus
}

// storm posts again what this phase has posted so far, and returns how many lines Loki was
// sent because of it.
func (s *station) storm(t *testing.T, times int) int {
	t.Helper()
	s.stopLoad(t)
	since := s.began.Add(-recent)
	before := s.surplus(t, since)
	repeated, err := s.load.Storm(t.Context(), deliveryWithin, times, s.ledger.Phase())
	require.NoError(t, err)
	require.Positive(t, repeated)
	again := s.surplus(t, since) - before
	t.Logf("%s: %d redeliveries, of which Loki was sent %d lines", s.name, repeated, again)
	s.load.Start(t.Context())
	return again
}

// TestDoubledIsSeen takes away what keeps the product from storing twice: what its receivers
// remember, and the look-ups before a push. That Loki is sent nothing twice in the soak would
// tell nothing if it were not here.
func TestDoubledIsSeen(t *testing.T) {
	s := newAllInOne(t, "without deduplication", rand.New(rand.NewPCG(1, 2)))
	s.all.Configure(often, "exporters::otlp_http/loki::middlewares: []")
	s.ledger.NextPhase()
	s.run(t)
	s.load.Start(t.Context())
	pause(t, 2*time.Second)
	s.stopLoad(t)
	posted := len(s.ledger.Phase())
	s.kill()
	files, err := s.stateFiles()
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		require.NoError(t, os.Remove(file))
	}
	s.run(t)
	s.load.Start(t.Context())
	assert.Greater(t, s.storm(t, 1), posted/2)
	s.stopLoad(t)
	s.process.Load().Stop(t)
}
