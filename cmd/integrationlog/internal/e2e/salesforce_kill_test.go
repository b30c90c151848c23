// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
)

const (
	killsOfStreams = 52
	// longestStream bounds how long a process lives that has begun to read, until it is killed.
	longestStream = 400 * time.Millisecond
	// logFile is in the path of an event log file's content.
	logFile = "/LogFile"
)

// However often the process is killed, and whatever it was doing then, each change and each
// failed call is in Loki once.
func TestKillWhileEventsFlow(t *testing.T) {
	kills, seed := min(fromEnvironment(t, killsVariable, killsOfStreams), 200), fromEnvironment(t, seedVariable, int(time.Now().UnixNano()))
	t.Logf("%s=%d %s=%d", killsVariable, kills, seedVariable, seed)
	all, org := installWithSalesforce(t)
	all.Configure("receivers::salesforce::event_log_files::poll_interval: 1m")
	calls := newLogFiles(org, seed)
	org.Inject(endpoint.Fault{Path: logFile, Times: endpoint.Always, Answer: cutOff(seed)})
	stop := org.keepPublishing(t, calls)
	defer stop()

	k := &killer{all: all, rand: rand.New(rand.NewPCG(uint64(seed), 1))}
	streaming, reading := 0, 0
	for range kills {
		subscribed := len(org.PubSub.Calls(pubsub.Subscribe))
		org.ForgetRequests()
		calls.replace()
		process, within := all.Start(t), longestStream
		streams := func() bool { return len(org.PubSub.Calls(pubsub.Subscribe)) > subscribed }
		reads := func() bool { return len(org.Requests(logFile)) > 0 }
		switch k.rand.IntN(4) {
		case 0:
			within = longestStart
		case 1:
			require.Eventually(t, reads, 30*time.Second, time.Millisecond)
		default:
			require.Eventually(t, streams, 30*time.Second, time.Millisecond)
		}
		k.killAfter(t, process, within)
		if streams() {
			streaming++
		}
		if reads() {
			reading++
		}
	}
	stop()
	org.Heal()
	t.Logf("killed %d times, of them %d before it was ready, %d after it had subscribed and %d after it had begun to read log files; %d changes, %d failed calls in %d files",
		kills, k.starting, streaming, reading, len(org.ledger), len(calls.ledger), calls.files)
	assert.GreaterOrEqual(t, streaming, kills/4)
	assert.GreaterOrEqual(t, reading, kills/4)

	process, _ := all.Run(t)
	org.requireInLoki(t, all.Loki, 3*time.Minute)
	calls.requireInLoki(t, all.Loki, 3*time.Minute)
	process.Stop(t)
	org.ForgetRequests()
	process, _ = all.Run(t)
	awaitRequest(t, org, "/query")
	all.AwaitEmptyQueue(t, 30*time.Second)
	org.requireInLoki(t, all.Loki, 30*time.Second)
	calls.requireInLoki(t, all.Loki, 30*time.Second)
	process.Stop(t)
	for _, p := range all.Processes() {
		require.NotContains(t, p.Stderr.String(), "panic")
	}
}

// keepPublishing publishes changes and writes log files until it is stopped, which may be
// done again.
func (o *organization) keepPublishing(t *testing.T, calls *logFiles) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	const changesOfAFile = 20
	var publishing sync.WaitGroup
	publishing.Go(func() {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for n := 1; ; n++ {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
			o.publish(t, []string{"Account", "Case", "Contact", "Lead"}[n%4], n, changeevent.Change{})
			if n%changesOfAFile == 0 {
				calls.write()
			}
		}
	})
	return sync.OnceFunc(func() {
		cancel()
		publishing.Wait()
		calls.complete()
	})
}

// cutOff answers late, and one time in eight cuts the answer off in its middle.
func cutOff(seed int) endpoint.Answer {
	var mu sync.Mutex
	source := rand.New(rand.NewPCG(uint64(seed), 2))
	late, half := endpoint.Slow(10*time.Millisecond), endpoint.HalfWritten()
	return func(w http.ResponseWriter, r *http.Request, vendor http.Handler) {
		mu.Lock()
		cut := source.IntN(8) == 0
		mu.Unlock()
		if cut {
			half(w, r, vendor)
			return
		}
		late(w, r, vendor)
	}
}
