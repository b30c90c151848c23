// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	// killsVariable and seedVariable set how often the process is killed, and when.
	killsVariable = "INTEGRATIONLOG_E2E_KILLS"
	seedVariable  = harness.SeedVariable

	defaultKills = 60
	// queued is how many records wait for Loki when the process is killed with a full
	// queue.
	queued = 10_000
	// perSecond is how many webhooks are sent in a second otherwise.
	perSecond = 300
	// longestStart and longestRun bound how long a process lives until it is killed,
	// from its start and from its being ready.
	longestStart = 800 * time.Millisecond
	longestRun   = 900 * time.Millisecond
)

// killer kills the all-in-one again and again while a shop sends.
type killer struct {
	all   *harness.Installation
	load  *harness.Load
	proxy *harness.Proxy
	rand  *rand.Rand
	// starting counts the kills before the process was ready, full those with ten
	// thousand records or more in the queue, and flushed those after which a repetition
	// is not recognised by Loki itself.
	starting, full, flushed int
}

// Whatever was answered with 200 is in Loki once, however often the process is killed,
// and whatever it was doing then.
func TestKill(t *testing.T) {
	kills, seed := fromEnvironment(t, killsVariable, defaultKills), fromEnvironment(t, seedVariable, int(time.Now().UnixNano()))
	t.Logf("%s=%d %s=%d", killsVariable, kills, seedVariable, seed)
	k := newKiller(t, int64(seed))

	// First with what is shipped, then with a Loki that the exporter cannot always reach.
	for range kills / 2 {
		k.killOnce(t)
	}
	k.all.Configure("exporters::otlp_http/loki::endpoint: " + k.proxy.URL + "/otlp")
	for i := kills / 2; i < kills; i++ {
		if i%10 == 5 {
			k.killWithFullQueue(t)
		}
		k.killOnce(t)
	}
	t.Logf("killed %d times, of them %d before it was ready and %d with %d records queued", kills, k.starting, k.full, queued)
	assert.GreaterOrEqual(t, k.starting, 5)
	assert.Positive(t, k.flushed)
	assert.Positive(t, k.full)
	k.settle(t)
}

func newKiller(t *testing.T, seed int64) *killer {
	t.Helper()
	all := install(t)
	source := rand.New(rand.NewPCG(uint64(seed), 0))
	load := harness.StartLoad(t.Context(), all.Shop, harness.LoadSettings{Connections: 8, PerSecond: perSecond, GiveUp: 7}, func(n int) harness.Webhook {
		return order(fmt.Sprintf("kill-%06d", n), time.Now())
	})
	return &killer{all: all, load: load, proxy: harness.NewProxy(t, all.Loki.URL), rand: source}
}

// killOnce starts the process and kills it, at a random moment of its start or of its
// work.
func (k *killer) killOnce(t *testing.T) {
	t.Helper()
	process := k.all.Start(t)
	if k.rand.IntN(3) == 0 {
		k.killAfter(t, process, longestStart)
		return
	}
	k.all.AwaitReady(t, process)
	if k.rand.IntN(4) == 0 {
		// Loki itself recognises no repetition of what it has written to disk.
		require.NoError(t, k.all.Loki.Flush(t.Context()))
		k.flushed++
	}
	k.killAfter(t, process, longestRun)
}

// killWithFullQueue lets ten thousand records queue up and kills the process, then
// while it starts with that queue, and then while it sends what was queued.
func (k *killer) killWithFullQueue(t *testing.T) {
	t.Helper()
	k.proxy.SwitchOff()
	process, _ := k.all.Run(t)
	before := k.load.Ledger.Accepted()
	k.load.SetRate(0)
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if accepted := k.load.Ledger.Accepted() - before; accepted < queued {
			return fmt.Errorf("%d accepted of %d: %s", accepted, queued, k.load.Ledger)
		}
		return nil
	})
	k.load.SetRate(perSecond)
	process.Kill()
	k.killAfter(t, k.all.Start(t), longestStart)
	k.killAfter(t, k.all.Start(t), longestStart)
	k.full += 3
	k.proxy.LetThrough()
	k.killOnce(t)
	k.killOnce(t)
}

// killAfter kills the process at a random moment within the time.
func (k *killer) killAfter(t *testing.T, process *harness.Process, within time.Duration) {
	t.Helper()
	timer := time.NewTimer(time.Duration(k.rand.Int64N(int64(within))))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-process.Done():
		require.Fail(t, "the process ended by itself")
	}
	ready := strings.Contains(process.Stderr.String(), "Everything is ready")
	process.Kill()
	if !ready {
		k.starting++
	}
}

// settle starts the process for the last time and compares.
func (k *killer) settle(t *testing.T) {
	t.Helper()
	process, _ := k.all.Run(t)
	require.NoError(t, k.load.Stop(time.Minute))
	t.Logf("ledger: %s", k.load.Ledger)
	k.all.AwaitEmptyQueue(t, 2*time.Minute)
	accepted, unanswered := k.load.Ledger.IDs()
	require.NoError(t, stored(t.Context(), k.all.Loki, accepted, unanswered))

	metrics, err := k.all.Metrics(t.Context())
	require.NoError(t, err)
	assert.Zero(t, metrics.Sum("otelcol_queue_storage_quarantine"))
	assert.Empty(t, filesIn(t, filepath.Join(k.all.Directory, "dead-letter")))
	process.Stop(t)
	for _, p := range k.all.Processes() {
		require.NotContains(t, p.Stderr.String(), "panic")
	}
}

// filesIn returns the files below a directory that are not empty. The directory may
// be missing.
func filesIn(t *testing.T, directory string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(directory, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Size() > 0 {
			files = append(files, path)
		}
		return err
	})
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	return files
}

func fromEnvironment(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	return harness.IntFromEnvironment(t, variable, otherwise)
}
