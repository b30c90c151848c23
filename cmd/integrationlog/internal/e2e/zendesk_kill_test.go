// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

const (
	killsOfPolls = 52
	// longestPoll bounds how long a process lives from its start, which takes about half a
	// second, until it is killed.
	longestPoll = 1300 * time.Millisecond
)

// However often the process is killed, and whatever it was doing then, each state that an
// invocation has reached is in Loki once.
func TestKillWhileInvocationsAreRead(t *testing.T) {
	kills, seed := fromEnvironment(t, killsVariable, killsOfPolls), fromEnvironment(t, seedVariable, int(time.Now().UnixNano()))
	t.Logf("%s=%d %s=%d", killsVariable, kills, seedVariable, seed)
	all, account := installWithZendesk(t)
	all.Configure(frequentPolls)
	webhooks := []string{}
	for _, name := range []string{"Notify ERP", "Tell the warehouse", "Ask the bank"} {
		webhooks = append(webhooks, account.AddWebhook(zendesk.Webhook{Name: name}))
	}
	// So that polls last, and that what is read again may differ from what was read before.
	account.Inject(endpoint.Fault{Path: "/invocations", Times: endpoint.Always, Answer: hesitant(seed)})
	stop := account.keepAdding(t.Context(), seed, webhooks)

	k := &killer{all: all, rand: rand.New(rand.NewPCG(uint64(seed), 1))}
	polling := 0
	for range kills {
		account.ForgetRequests()
		k.killAfter(t, all.Start(t), longestPoll)
		if len(account.Requests("/invocations")) > 0 {
			polling++
		}
	}
	stop()
	t.Logf("killed %d times, of them %d before it was ready and %d after it had begun to poll; %d rows", kills, k.starting, polling, account.size())
	assert.GreaterOrEqual(t, polling, kills/4)

	process, _ := all.Run(t)
	account.requireInLoki(t, all.Loki, 3*time.Minute)
	metrics, err := all.Metrics(t.Context())
	require.NoError(t, err)
	assert.Zero(t, metrics.Sum("otelcol_queue_storage_quarantine"))
	process.Stop(t)
	account.requireNothingNew(t, all, webhooks...)
	for _, p := range all.Processes() {
		require.NotContains(t, p.Stderr.String(), "panic")
	}
}

// hesitant answers late, and now and then not at all where a failure's attempts are asked
// for.
func hesitant(seed int) endpoint.Answer {
	var mu sync.Mutex
	source := rand.New(rand.NewPCG(uint64(seed), 2))
	late := endpoint.Slow(5 * time.Millisecond)
	return func(w http.ResponseWriter, r *http.Request, vendor http.Handler) {
		mu.Lock()
		fails := source.IntN(3) == 0
		mu.Unlock()
		if fails && strings.HasSuffix(r.URL.Path, "/attempts") {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		late(w, r, vendor)
	}
}

// keepAdding adds rows until it is stopped: of just now, and some that appear up to five
// minutes after the time they tell.
func (a *account) keepAdding(ctx context.Context, seed int, webhooks []string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var adding sync.WaitGroup
	adding.Go(func() {
		source := rand.New(rand.NewPCG(uint64(seed), 3))
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
			s := statuses[0]
			if source.IntN(4) == 0 {
				s = statuses[source.IntN(len(statuses))]
			}
			at := time.Now()
			if source.IntN(5) == 0 {
				at = at.Add(-time.Duration(source.Int64N(int64(5 * time.Minute))))
			}
			a.add(webhooks[source.IntN(len(webhooks))], zendesk.Invocation{Status: s.status, StatusCode: s.code, CompletedAt: at})
		}
	})
	return func() {
		cancel()
		adding.Wait()
	}
}
