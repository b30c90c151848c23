// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"context"
	"errors"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// frequentPolls are as frequent as they may be.
const frequentPolls = "receivers::zendesk_webhooks::poll_interval: 10s"

// account is a simulated one, with a ledger of what is in its log.
type account struct {
	*zendesk.Account

	webhook string
	mu      sync.Mutex
	ledger  map[string]bool
}

func newAccount(t *testing.T) *account {
	t.Helper()
	simulated, err := zendesk.Start(zendesk.Settings{WebhookLimit: zendesk.NoLimit})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, simulated.Close()) })
	return &account{
		Account: simulated, webhook: simulated.AddWebhook(zendesk.Webhook{Name: "Notify ERP"}),
		ledger: map[string]bool{},
	}
}

// add adds invocations to the log of the account.
func (a *account) add(count int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := time.Now().Truncate(time.Second)
	for range count {
		id := a.AddInvocation(a.webhook, zendesk.Invocation{Status: "success", StatusCode: 200, CompletedAt: at})
		a.ledger[a.webhook+"/"+id+"/"+at.UTC().Format("2006-01-02T15:04:05Z")+"/success"] = true
	}
}

// requireOnce requires that list and count have each invocation once, and nothing else.
func (a *account) requireOnce(t *testing.T, loki *harness.Loki) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(ctx context.Context) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		return loki.HasOnce(ctx, `{product="webhooks"}`, "activity_id", a.ledger, nil)
	})
}

// newPuller returns a collector that fetches from an account, and keeps what it has to
// remember in a directory.
func newPuller(t *testing.T, loki *harness.Loki, from *account, directory string) *harness.Installation {
	t.Helper()
	puller := newCollector(t, loki, "scaling/puller.yaml", frequentPolls)
	puller.Directory = directory
	puller.Env["INTEGRATIONLOG_DATA_DIR"] = directory
	puller.Env["ZENDESK_URL"] = from.URL
	puller.Env["ZENDESK_CLIENT_ID"] = from.Settings().ClientID
	puller.Env["ZENDESK_CLIENT_SECRET"] = from.Settings().ClientSecret
	return puller
}

// takeovers is how often the process that fetches is killed.
const takeovers = 3

// Of two processes with one data directory one fetches and the other stands by. When the
// first is killed the other goes on where it has ended, again and again: nothing is lost,
// nothing is doubled.
func TestPullerInReserve(t *testing.T) {
	t.Parallel()
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	loki.Run(t)
	account := newAccount(t)
	account.add(300)
	directory := t.TempDir()
	one, other := newPuller(t, loki.Loki, account, directory), newPuller(t, loki.Loki, account, directory)

	fetching := one.Start(t)
	awaitFetching(t, fetching)
	for takeover := range takeovers {
		waiting := other.Start(t)
		awaitWaiting(t, waiting)
		account.add(300)
		if takeover == 0 {
			account.ForgetRequests()
			awaitPoll(t, account)
		}
		require.False(t, isFetching(waiting), "two fetch at a time")

		killed := time.Now()
		fetching.Kill()
		account.add(300)
		awaitFetching(t, waiting)
		t.Logf("taken over after %s", time.Since(killed).Round(time.Millisecond))
		account.requireOnce(t, loki.Loki)
		fetching, one, other = waiting, other, one
	}
	waiting := other.Start(t)
	awaitWaiting(t, waiting)
	waiting.Signal(syscall.SIGTERM)
	waiting.Wait(t)
	require.False(t, isFetching(waiting))
	fetching.Stop(t)
	account.requireOnce(t, loki.Loki)
}

// isFetching tells whether a process has started whatever it has to.
func isFetching(p *harness.Process) bool { return len(p.Stderr.Lines("Everything is ready")) > 0 }

func awaitFetching(t *testing.T, p *harness.Process) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if !isFetching(p) {
			return errors.New("it has not started")
		}
		return nil
	})
}

// awaitWaiting waits until a process has started what comes before the queue.
func awaitWaiting(t *testing.T, p *harness.Process) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if len(p.Stderr.Lines("Extension started", "loki_delivery")) == 0 {
			return errors.New("its extensions have not started")
		}
		return nil
	})
}

// awaitPoll waits until somebody has asked for the invocations.
func awaitPoll(t *testing.T, account *account) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if len(account.Requests("/invocations")) == 0 {
			return errors.New("nobody has asked for the invocations")
		}
		return nil
	})
}
