// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	thousand    = 1000
	flushWithin = 30 * time.Second
	storeWithin = 30 * time.Second
	// shardedAge is from which age on Loki shards by time, by default, and crossing how
	// much younger something is that becomes older than that during a test.
	shardedAge = 40 * time.Minute
	crossing   = 8 * time.Second
)

// A thousand different webhooks with the same second and the same sentence are a
// thousand entries, and stay a thousand when each is delivered again.
func TestThousandWithOneSecondAndOneSentence(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	second := time.Now().Truncate(time.Second)
	webhooks := orders("same", thousand, second)

	sendAll(t, all.Shop, webhooks)
	requireOnce(t, all.Loki, storeWithin, webhooks)
	entries, err := all.Loki.Entries(t.Context(), everything)
	require.NoError(t, err)
	for _, entry := range entries {
		require.Equal(t, "Order #1001 created", entry.Line)
		require.Equal(t, second.UnixNano(), entry.Time.UnixNano())
	}

	again := func(when string) {
		t.Helper()
		sendAll(t, all.Shop, webhooks)
		all.AwaitEmptyQueue(t, storeWithin)
		requireOnce(t, all.Loki, storeWithin, webhooks)
		t.Logf("still %d %s", thousand, when)
	}
	again("at once")
	process.Stop(t)
	process, _ = all.Run(t)
	again("after a restart")
	flush(t, all)
	again("after a flush")
	process.Kill()
	process, _ = all.Run(t)
	again("after a flush and a kill")
	process.Stop(t)
}

// Loki shards by time, and by default only what is older than 40 minutes. Whether a
// delivery is young or old, and whatever it becomes while it is sent again, it is one
// entry. The first of the cases crosses the 40 minutes while the test runs.
func TestThousandOfAnyAgeSentAgainLater(t *testing.T) {
	all := install(t)
	process, _ := all.Run(t)
	ages := []time.Duration{
		shardedAge - crossing, shardedAge + time.Minute, -5 * time.Second, 0, time.Hour + 10*time.Minute,
		25 * time.Hour, 6*24*time.Hour + 23*time.Hour,
	}
	begun := time.Now()
	var webhooks []harness.Webhook
	for _, age := range ages {
		webhooks = append(webhooks, orders(age.String(), thousand/len(ages)+1, begun.Add(-age).Truncate(time.Second))...)
	}

	sendAll(t, all.Shop, webhooks)
	all.AwaitEmptyQueue(t, storeWithin)
	requireOnce(t, all.Loki, storeWithin, webhooks)

	// The receiver remembers its deliveries on disk.
	process.Stop(t)
	process, _ = all.Run(t)
	sendAll(t, all.Shop, webhooks)
	all.AwaitEmptyQueue(t, storeWithin)
	requireOnce(t, all.Loki, storeWithin, webhooks)
	metrics, err := all.Metrics(t.Context())
	require.NoError(t, err)
	assert.Zero(t, metrics.Sum("otelcol_exporter_sent_log_records"), "what the receiver remembered went no further")

	select {
	case <-time.After(time.Until(begun.Add(crossing))):
	case <-t.Context().Done():
	}
	// Where that memory is lost, what Loki has already is found there, on disk too.
	flush(t, all)
	process.Stop(t)
	require.NoError(t, os.RemoveAll(filepath.Join(all.Directory, "state")))
	process, _ = all.Run(t)
	sendAll(t, all.Shop, webhooks)
	all.AwaitEmptyQueue(t, storeWithin)
	requireOnce(t, all.Loki, storeWithin, webhooks)
	metrics, err = all.Metrics(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, len(webhooks), metrics.Sum("otelcol_loki_delivery_repeated_records"), 0, "they are not sent again")
	process.Stop(t)
}

// flush makes Loki write everything to disk and waits until it has. It keeps what it
// has written in memory for a while.
func flush(t *testing.T, all *harness.Installation) {
	t.Helper()
	all.Loki.FlushAll(t, flushWithin)
	require.NotEmpty(t, filesIn(t, filepath.Join(all.Directory, "loki", "chunks")))
}
