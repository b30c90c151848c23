// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// What happened since the start is new, and nobody is asked about it.
func TestNothingIsLookedUpInTheSteadyState(t *testing.T) {
	for name, queue := range map[string]map[string]any{"without a queue": noQueue, "with a queue": inMemory} {
		t.Run(name, func(t *testing.T) {
			loki := newFakeLoki(t)
			p := start(t, loki, options{
				exporter: queue, queue: &backlog{}, delivery: map[string]any{"queue_storage": queueID.String()},
			})
			all := entries("young", 2000, afterItsStart())
			for batch := range all[:len(all)/50] {
				require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all[batch*50:batch*50+50]...)))
			}
			loki.hasOnce(t, all)
			assert.Empty(t, loki.asked())
			assert.Zero(t, p.counted(t, "lookups"))
			assert.Zero(t, p.counted(t, "repeated_records"))
		})
	}
}

// Records that are older than the process may have been delivered by an earlier one.
func TestOldRecordsAreLookedUp(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: noQueue})
	old, young := entries("old", 30, beforeThisProcess()), entries("young", 30, afterItsStart())

	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(append(old, young...)...)))
	queries := loki.asked()
	require.NotEmpty(t, queries)
	for _, q := range queries {
		for _, e := range old {
			assert.True(t, q.matches(e), e.id)
		}
		for _, e := range young {
			assert.False(t, q.ids.MatchString(e.id), "%s is new", e.id)
		}
	}

	// the same again, and some more
	more := entries("more", 5, beforeThisProcess())
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(append(old, more...)...)))
	loki.hasOnce(t, append(append(old, young...), more...))
	assert.Equal(t, int64(len(old)), p.counted(t, "repeated_records"))

	// nothing is left of it
	pushes := loki.pushed()
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(old...)))
	assert.Equal(t, pushes, loki.pushed(), "an empty push")
	assert.Equal(t, int64(2*len(old)), p.counted(t, "repeated_records"))
}

// As long as records of an earlier process are on their way, all are looked up.
func TestABacklogIsLookedUp(t *testing.T) {
	loki := newFakeLoki(t)
	queue := &backlog{}
	queue.Store(true)
	p := start(t, loki, options{exporter: noQueue, queue: queue, delivery: map[string]any{"queue_storage": queueID.String()}})
	all := entries("any", 30, afterItsStart())
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
	loki.hasOnce(t, all)
	asked := len(loki.asked())
	assert.NotZero(t, asked)

	queue.Store(false)
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(entries("later", 30, afterItsStart())...)))
	assert.Len(t, loki.asked(), asked)
}

// Another collector that takes deliveries of the same sources may have sent anything.
func TestWhatAnotherCollectorHasSentIsLookedUp(t *testing.T) {
	loki := newFakeLoki(t)
	shared := options{exporter: noQueue, delivery: map[string]any{"shared_sources": true}}
	one, other := start(t, loki, shared), start(t, loki, shared)
	all := entries("any", 30, afterItsStart())
	require.NoError(t, one.ConsumeLogs(t.Context(), logsOf(all[:20]...)))
	require.NoError(t, other.ConsumeLogs(t.Context(), logsOf(all...)))
	loki.hasOnce(t, all)
	assert.Zero(t, one.counted(t, "repeated_records"))
	assert.Equal(t, int64(20), other.counted(t, "repeated_records"))
}

// A record that is in a push twice is stored once, if it is in doubt at all.
func TestRepetitionsWithinAPush(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: noQueue})
	old := entries("old", 10, beforeThisProcess())
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(append(old, old...)...)))
	loki.hasOnce(t, old)
	assert.Equal(t, int64(len(old)), p.counted(t, "repeated_records"))
}

// Two pushes with the same record in doubt must not both find it missing.
func TestConcurrentPushesOfTheSameRecord(t *testing.T) {
	for _, pushes := range []int{2, 8} {
		t.Run(fmt.Sprint(pushes), func(t *testing.T) {
			loki := newFakeLoki(t)
			both := make(chan struct{}, pushes)
			// Loki takes its time, so that whoever asks without waiting asks before the
			// first push.
			loki.onQuery = func(http.ResponseWriter, *http.Request) bool {
				both <- struct{}{}
				for deadline := time.After(100 * time.Millisecond); len(both) < pushes; {
					select {
					case <-deadline:
						return false
					case <-time.After(time.Millisecond):
					}
				}
				return false
			}
			p := start(t, loki, options{exporter: noQueue})
			old := entries("old", 20, beforeThisProcess())
			var wait sync.WaitGroup
			for range pushes {
				wait.Go(func() { assert.NoError(t, p.ConsumeLogs(t.Context(), logsOf(old...))) })
			}
			wait.Wait()
			loki.hasOnce(t, old)
		})
	}
}

// A key is product, id and time: who shares only a part of it is another activity.
func TestOthersAreNotTakenForRepetitions(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: noQueue})
	first := entries("a", 1, beforeThisProcess())[0]
	later, other, longer := first, first, first
	later.time++
	other.product = string(activity.ZIS)
	longer.id += "0"
	for _, e := range []entry{first, later, other, longer, first, later, other, longer} {
		require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(e)))
	}
	loki.hasOnce(t, []entry{first, later, other, longer})
	assert.Equal(t, int64(4), p.counted(t, "repeated_records"))
}

// Records without an id or a product cannot be looked up; they are sent as they are.
func TestRecordsWithoutAKeyAreSent(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: noQueue})
	old := entries("old", 3, beforeThisProcess())
	logs := logsOf(old...)
	all := records(logs)
	all[1].Attributes().Remove(activity.IDKey)
	all[2].Attributes().Remove(activity.ProductKey)
	for range 2 {
		copied := plog.NewLogs()
		logs.CopyTo(copied)
		require.NoError(t, p.ConsumeLogs(t.Context(), copied))
	}
	assert.Equal(t, 1, loki.times(old[0]))
	assert.Equal(t, 2, loki.times(entry{product: old[1].product, time: old[1].time}))
	assert.Equal(t, 2, loki.times(entry{id: old[2].id, time: old[2].time}))
}
