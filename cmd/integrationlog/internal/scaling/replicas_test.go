// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	replicas   = 3
	activities = 1200
	perSecond  = 200
)

// What is delivered again comes to any of three collectors, at the same time, right after
// and when Loki itself does not recognise it any more; one of them is killed and comes back.
// Each activity is in the log once, by the list and by the count.
func TestReplicasBehindABalancer(t *testing.T) {
	t.Parallel()
	loki := startStore(t)
	fleet := startFleet(t, loki.Loki, replicas)
	deliverTwice(t, loki, fleet)
	assert.Positive(t, fleet.redispatched.Load(), "the balancer went on to another replica while one was away")
}

// The same behind HAProxy with the file that is shipped.
func TestReplicasBehindHAProxy(t *testing.T) {
	t.Parallel()
	loki := startStore(t)
	fleet := startFleet(t, loki.Loki, replicas)
	fleet.putHAProxyBefore(t)
	deliverTwice(t, loki, fleet)
}

func deliverTwice(t *testing.T, loki *store, fleet *fleet) {
	t.Helper()
	sources := newSources(fleet.front())

	played := make(chan error, 1)
	go func() { played <- sources.play(t.Context(), activities, perSecond) }()
	sources.awaitAccepted(t, activities/3)
	fleet.kill(0)
	sources.awaitAccepted(t, 2*activities/3)
	fleet.restart(t, 0)
	require.NoError(t, <-played)
	require.Equal(t, activities, sources.size())
	fleet.awaitEmptyQueues(t)
	sources.requireOnce(t, loki.Loki, deliveryWithin)

	loki.flush(t)
	require.NoError(t, sources.repeat(t.Context()))
	fleet.awaitEmptyQueues(t)
	sources.requireOnce(t, loki.Loki, deliveryWithin)
	t.Logf("%d activities, %d requests taken by another replica, %.0f records not sent again because Loki had them",
		activities, fleet.redispatched.Load(), fleet.sum(t, "otelcol_loki_delivery_repeated_records"))
}

// What has an id and no time gets that of its arrival, which only the collector knows that
// took it first. A balancer that chooses by the path sends it there again.
func TestWhatHasNoTimeNeedsABalancerByPath(t *testing.T) {
	t.Parallel()
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	loki.Run(t)
	fleet := startFleet(t, loki.Loki, 2)
	front := fleet.front()
	deliver := func(prefix string) {
		for _, pushed := range harness.PushedProducts {
			if pushed.Product == activity.SunshineConversations {
				continue // always has one
			}
			for n := range 20 {
				body := fmt.Appendf(nil, `{"id":"%s-%d","level":"error","message":"It failed"}`, prefix, n/2)
				answer, err := front.Push(t.Context(), pushed.Product, pushed.Secret, body)
				require.NoError(t, err)
				require.Equal(t, http.StatusOK, answer.Code)
			}
		}
	}
	require.NoError(t, storedTimes(t.Context(), loki.Loki, 0))
	fleet.choose = byPath
	deliver("by-path")
	fleet.awaitEmptyQueues(t)
	harness.Eventually(t, deliveryWithin, func(ctx context.Context) error { return storedTimes(ctx, loki.Loki, 10) })
	fleet.choose = fleet.inTurn
	deliver("in-turn")
	fleet.awaitEmptyQueues(t)
	harness.Eventually(t, deliveryWithin, func(ctx context.Context) error { return storedTimes(ctx, loki.Loki, 10+20) })
}

// storedTimes returns nil if each product whose entries may have no time has so many.
func storedTimes(ctx context.Context, loki *harness.Loki, wanted int) error {
	for _, product := range []activity.Product{activity.BotBuilder, activity.Actions, activity.ZIS} {
		count, err := loki.Count(ctx, fmt.Sprintf("{product=%q}", product))
		if err == nil && count != wanted {
			err = fmt.Errorf("%d of %s, not %d", count, product, wanted)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
