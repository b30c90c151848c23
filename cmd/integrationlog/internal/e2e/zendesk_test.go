// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

const (
	ofWebhooks = `{product="webhooks"}`
	// activityLabel is where Loki has the id of an activity.
	activityLabel = "activity_id"
	// frequentPolls are as frequent as they may be.
	frequentPolls = "receivers::zendesk_webhooks::poll_interval: 10s"
)

// account is a simulated one, with a ledger of what is in its log.
type account struct {
	*zendesk.Account

	mu     sync.Mutex
	ledger map[string]bool
}

// installWithZendesk returns an all-in-one that fetches the log of an account's webhooks.
func installWithZendesk(t *testing.T) (*harness.Installation, *account) {
	t.Helper()
	all := install(t)
	return all, addZendesk(t, all)
}

// addZendesk starts an account, which an installation knows by nothing but the variables.
func addZendesk(t *testing.T, all *harness.Installation) *account {
	t.Helper()
	return &account{Account: all.AddZendesk(t), ledger: map[string]bool{}}
}

// add adds a row to the log of a webhook, and to the ledger.
func (a *account) add(webhook string, invocation zendesk.Invocation) (id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id = a.AddInvocation(webhook, invocation)
	a.ledger[webhook+"/"+id+"/"+invocation.CompletedAt.UTC().Format("2006-01-02T15:04:05Z")+"/"+invocation.Status] = true
	return id
}

// size is how many rows there are.
func (a *account) size() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.ledger)
}

// requireInLoki requires that list and count have each row once, and nothing else.
func (a *account) requireInLoki(t *testing.T, loki *harness.Loki, within time.Duration) {
	t.Helper()
	harness.Eventually(t, within, func(ctx context.Context) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		return storedBy(ctx, loki, ofWebhooks, activityLabel, a.ledger, nil)
	})
}

// requireNothingNew starts the process once more, waits until it has read the log of each
// webhook, and requires that nothing comes in again.
func (a *account) requireNothingNew(t *testing.T, all *harness.Installation, webhooks ...string) {
	t.Helper()
	a.ForgetRequests()
	process, _ := all.Run(t)
	harness.Eventually(t, 30*time.Second, func(context.Context) error {
		for _, webhook := range webhooks {
			if len(a.Requests(webhook+"/invocations")) == 0 {
				return fmt.Errorf("nobody has asked for the invocations of %s", webhook)
			}
		}
		return nil
	})
	all.AwaitEmptyQueue(t, 30*time.Second)
	a.requireInLoki(t, all.Loki, 30*time.Second)
	process.Stop(t)
}

// statuses are all that are known of, what they are in the log, and what was answered.
var statuses = []struct {
	status, inLog, errorType string
	code                     int
}{
	{"success", "info", "", http.StatusOK},
	{"accepted", "info", "", 0},
	{"throttled", "warning", "", 0},
	{"failed", "error", "remote_outage", http.StatusInternalServerError},
	{"terminated", "error", "authorization", http.StatusForbidden},
	{"timeout", "error", "timeout", 0},
	{"circuit broken", "error", "remote_outage", 0},
	{"client error", "error", "validation", http.StatusUnprocessableEntity},
	{"server error", "error", "remote_outage", http.StatusBadGateway},
	{"unknown", "info", "", 0},
}

// Invocations of every status, of just now and of six days ago, are in the log a moment
// after the start, and nothing that is marked or secret gets anywhere.
func TestInvocationsOfEveryStatus(t *testing.T) {
	all, account := installWithZendesk(t)
	webhook := account.AddWebhook(zendesk.Webhook{
		Name: "Notify ERP", Endpoint: "https://me:canary-password@hooks.erp.example/canary-path?key=canary-key", Description: "canary",
		Headers: map[string]string{"X-Api-Key": "canary-header"},
	})
	now := time.Now().Truncate(time.Second)
	ages := []time.Duration{time.Minute, 6*24*time.Hour + 5*time.Hour}
	for _, age := range ages {
		for _, s := range statuses {
			at := now.Add(-age)
			id := account.add(webhook, zendesk.Invocation{Status: s.status, StatusCode: s.code, CompletedAt: at})
			account.AddAttempt(webhook, zendesk.Attempt{
				InvocationID: id, Status: s.status, StatusCode: s.code, CompletedAt: at, Request: `{"email":"canary@example.com"}`, Response: "canary-answer",
			})
		}
	}
	process, _ := all.Run(t)
	account.requireInLoki(t, all.Loki, 30*time.Second)
	for _, s := range statuses {
		entries := awaitEntries(t, all.Loki, fmt.Sprintf(`{product="webhooks", status=%q} | webhooks_status=%q`, s.inLog, s.status), len(ages))
		for _, entry := range entries {
			assert.Equal(t, "webhook_invocation", entry.Labels["activity_type"])
			assert.Equal(t, "Notify ERP", entry.Labels["integration_name"])
			assert.Equal(t, "observed", entry.Labels["activity_evidence"])
			assert.Equal(t, webhook, entry.Labels["webhooks_webhook_id"])
			assert.Equal(t, "hooks.erp.example", entry.Labels["server_address"])
			assert.Equal(t, s.errorType, entry.Labels["error_type"], s.status)
			assert.Contains(t, entry.Line, `Webhook "Notify ERP"`)
			assert.Contains(t, []time.Duration{ages[0], ages[1]}, now.Sub(entry.Time), "the time that Zendesk tells")
			require.NotRegexp(t, marks, fmt.Sprint(entry))
		}
	}
	assert.Len(t, process.Stdout.Lines("Webhooks ", "  on   "+account.URL), 1)
	metrics, err := all.Metrics(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, account.size(), metrics.Sum("otelcol_pull_delivered_activities"), 0)
	assert.Zero(t, metrics.Sum("otelcol_pull_failed_polls"))
	require.NoError(t, all.Healthy(t.Context()))
	requireNothingSecret(t, all, process, account)
	process.Stop(t)
}

// requireNothingSecret requires that neither what the process prints nor what it counts
// has a credential, or something of a payload, in it.
func requireNothingSecret(t *testing.T, all *harness.Installation, process *harness.Process, account *account) {
	t.Helper()
	secrets := map[string]bool{account.Settings().ClientSecret: true}
	for _, request := range account.Requests("/api") {
		scheme, token := request.Credential()[:7], request.Credential()[7:]
		require.Equal(t, "Bearer ", scheme)
		secrets[token] = true
		require.Regexp(t, "^integrationlog/", request.Header.Get("User-Agent"))
	}
	require.Greater(t, len(secrets), 1)
	for what, text := range map[string]string{
		"output": process.Stdout.String(), "log": process.Stderr.String(), "metrics": all.ReadText(t, all.TelemetryURL()),
	} {
		require.NotEmpty(t, text, what)
		require.NotRegexp(t, marks, text, what)
		for secret := range secrets {
			require.NotContains(t, text, secret, what)
		}
	}
}

// What happened while the collector stood still is read when it comes back, however much
// it is.
func TestInvocationsWhileTheCollectorIsStopped(t *testing.T) {
	all, account := installWithZendesk(t)
	webhook := account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"})
	account.add(webhook, zendesk.Invocation{Status: "success", StatusCode: http.StatusOK, CompletedAt: time.Now().Add(-time.Hour)})
	process, _ := all.Run(t)
	account.requireInLoki(t, all.Loki, 30*time.Second)
	process.Stop(t)

	const backlog = 4000
	for n := range backlog {
		s := statuses[0]
		if n%10 == 0 {
			s = statuses[n/10%len(statuses)]
		}
		at := time.Now().Add(-time.Hour + time.Duration(n)*time.Hour/backlog)
		account.add(webhook, zendesk.Invocation{Status: s.status, StatusCode: s.code, CompletedAt: at})
	}
	process, took := all.Run(t)
	account.requireInLoki(t, all.Loki, time.Minute)
	t.Logf("ready after %s, and %d invocations in the log after %s", took, backlog, time.Since(process.Began))
	process.Stop(t)
	account.requireNothingNew(t, all, webhook)
}
