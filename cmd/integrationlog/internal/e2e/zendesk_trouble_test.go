// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// trouble is an account with a fault, and the process that reads it.
type trouble struct {
	*account
	all       *harness.Installation
	process   *harness.Process
	elsewhere *endpoint.Server
	// webhook has invocations on several pages.
	webhook string
}

// troubles are faults. Each tells what is wrong at first, and what is expected then.
var troubles = map[string]struct {
	begin func(t *testing.T, s *trouble)
	then  func(t *testing.T, s *trouble)
}{
	"a token that expires": {
		begin: func(*testing.T, *trouble) {},
		then: func(t *testing.T, s *trouble) {
			t.Helper()
			s.ExpireTokens()
			s.add(s.webhook, zendesk.Invocation{Status: "success", CompletedAt: time.Now()})
			s.requireInLoki(t, s.all.Loki, 30*time.Second)
			assert.Len(t, s.Requests("/oauth/tokens"), 2)
			assert.Zero(t, s.metric(t, "otelcol_pull_failed_polls"), "it is renewed within the poll")
		},
	},
	"one webhook forbidden, one broken, one that redirects": {
		begin: func(_ *testing.T, s *trouble) {
			for name, trouble := range map[string]func(webhook string){
				"Forbidden": func(webhook string) { s.RefuseWebhook(webhook, http.StatusForbidden) },
				"Broken": func(webhook string) {
					s.Inject(endpoint.Fault{Path: webhook, Times: 1, Answer: endpoint.Status(http.StatusBadGateway, "text/html", "<html>")})
				},
				"Elsewhere": func(webhook string) {
					s.Inject(endpoint.Fault{Path: webhook, Times: 1, Answer: endpoint.Redirect(s.elsewhere.URL)})
				},
			} {
				webhook := s.AddWebhook(zendesk.Webhook{Name: name})
				if name == "Forbidden" {
					s.AddInvocation(webhook, zendesk.Invocation{Status: "success", CompletedAt: time.Now()})
				} else {
					s.add(webhook, zendesk.Invocation{Status: "success", CompletedAt: time.Now()})
				}
				trouble(webhook)
			}
		},
		then: func(t *testing.T, s *trouble) {
			t.Helper()
			assert.InDelta(t, 1, s.metric(t, "otelcol_pull_failed_polls"), 0)
			assert.InDelta(t, 1, s.metric(t, "otelcol_webhooks_set_aside"), 0)
			assert.Len(t, s.process.Stderr.Lines("A webhook cannot be read and is set aside", "403 Forbidden"), 1)
			assert.Len(t, s.process.Stderr.Lines("Polling fails", "502 Bad Gateway", "redirects are not followed"), 1)
			harness.Eventually(t, 10*time.Second, func(context.Context) error {
				if len(s.process.Stderr.Lines("Polling succeeds again")) != 1 {
					return errors.New("nothing is said of it")
				}
				return nil
			})
		},
	},
	"a token endpoint that is down": {
		begin: func(_ *testing.T, s *trouble) {
			s.RefuseTokens(1, zendesk.OAuthError{Status: http.StatusServiceUnavailable})
		},
		then: func(t *testing.T, s *trouble) {
			t.Helper()
			assert.Len(t, s.process.Stderr.Lines("Polling fails", "503 Service Unavailable"), 1)
			assert.InDelta(t, 1, s.metric(t, "otelcol_pull_failed_polls", harness.Label{Name: "reason", Value: "remote"}), 0)
		},
	},
	"throttled": {
		begin: func(_ *testing.T, s *trouble) { s.ThrottleNext("/api/v2/webhooks", 1, 9*time.Second) },
		then: func(t *testing.T, s *trouble) {
			t.Helper()
			requests := s.Requests("/api")
			assert.GreaterOrEqual(t, requests[1].At.Sub(requests[0].At), 9*time.Second, "Retry-After")
			assert.Len(t, s.process.Stderr.Lines("Polling fails", "429 Too Many Requests"), 1)
		},
	},
}

// Each fault passes without a loss, and at no time does a credential go to another host,
// wherever links and redirects point.
func TestZendeskInTrouble(t *testing.T) {
	// All of them mostly wait, so they do it at the same time.
	running := map[string]*trouble{}
	for name, test := range troubles {
		s := newTrouble(t)
		test.begin(t, s)
		s.process = s.all.Start(t)
		running[name] = s
	}
	for name, test := range troubles {
		s := running[name]
		t.Run(name, func(t *testing.T) {
			s.requireInLoki(t, s.all.Loki, 30*time.Second)
			test.then(t, s)
			assert.Empty(t, s.elsewhere.Requests(""), "nobody is to go there")
			requireNothingSecret(t, s.all, s.process, s.account)
			s.process.Stop(t)
		})
	}
}

func newTrouble(t *testing.T) *trouble {
	t.Helper()
	elsewhere, err := endpoint.Elsewhere()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, elsewhere.Close()) })
	all, account := installWithZendesk(t)
	all.Configure(frequentPolls)
	account.LinkTo(elsewhere.URL)
	s := &trouble{account: account, all: all, elsewhere: elsewhere, webhook: account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"})}
	for n := range 250 {
		s.add(s.webhook, zendesk.Invocation{Status: "success", CompletedAt: time.Now().Add(-time.Duration(n) * time.Minute)})
	}
	return s
}

func (s *trouble) metric(t *testing.T, name string, labels ...harness.Label) float64 {
	t.Helper()
	metrics, err := s.all.Metrics(t.Context())
	require.NoError(t, err)
	return metrics.Sum(name, labels...)
}

// A token endpoint that points elsewhere sends nobody there: the secret would go along.
func TestZendeskThatHasMoved(t *testing.T) {
	s := newTrouble(t)
	s.Inject(endpoint.Fault{Times: endpoint.Always, Answer: endpoint.Redirect(s.elsewhere.URL)})
	process, _ := s.all.Run(t)
	harness.Eventually(t, 10*time.Second, func(context.Context) error {
		if len(process.Stderr.Lines("Polling fails", "307 Temporary Redirect", "redirects are not followed")) != 1 {
			return errors.New("nothing is said of it")
		}
		return nil
	})
	assert.Empty(t, s.elsewhere.Requests(""))
	assert.NotContains(t, process.Stderr.String(), s.Settings().ClientSecret)
	require.NoError(t, sendOne(t.Context(), s.all.Shop, order("1", time.Now())), "the other products are not concerned")
	awaitEntries(t, s.all.Loki, everything, 1)
	process.Stop(t)
}
