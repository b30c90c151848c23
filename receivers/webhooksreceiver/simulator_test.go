// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// simulated is a receiver at a simulated account, which shares no code with it.
type simulated struct {
	*zendesk.Account
	*world
	hook string
}

func newSimulated(t *testing.T) *simulated {
	t.Helper()
	account, err := zendesk.Start(zendesk.Settings{WebhookLimit: zendesk.NoLimit})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, account.Close()) })
	w := newWorld(t, func(w *world) {
		w.config.Endpoint = account.URL
		w.config.ClientID, w.config.ClientSecret = account.Settings().ClientID, configopaque.String(account.Settings().ClientSecret)
		w.config.Timeout = time.Second
	})
	w.webhooksReceiver.transport, w.webhooksReceiver.now = nil, time.Now
	w.begin(t)
	t.Cleanup(func() { require.NoError(t, w.webhooksReceiver.Shutdown(t.Context())) })
	s := &simulated{Account: account, world: w}
	s.hook = account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"})
	return s
}

func (s *simulated) traffic(invocations int) (rows int) {
	return s.AddTraffic(s.hook, invocations, time.Now().Add(-20*time.Minute), 15*time.Second)
}

// distinct returns how many activities there are, and wants each only once.
func (s *simulated) distinct(t *testing.T) int {
	t.Helper()
	seen := map[string]bool{}
	for _, record := range records(s.sink.AllLogs()...) {
		id := text(record, "activity.id")
		assert.False(t, seen[id], "%s is there twice", id)
		seen[id] = true
	}
	return len(seen)
}

func TestSimulatedAccount(t *testing.T) {
	tests := map[string]func(s *simulated){
		"nothing":       func(*simulated) {},
		"overlaps":      func(s *simulated) { s.OverlapPages(7) },
		"other host":    func(s *simulated) { s.LinkTo("https://127.0.0.1:1") },
		"token expires": func(s *simulated) { s.ExpireTokens() },
		"token refused": func(s *simulated) { s.RefuseTokens(1, zendesk.OAuthError{Status: http.StatusServiceUnavailable}) },
		"half a page": func(s *simulated) {
			s.Inject(endpoint.Fault{Path: "invocations", Times: 1, Answer: endpoint.HalfWritten()})
		},
		"broken": func(s *simulated) { s.Inject(endpoint.Fault{Path: "invocations", Times: 1, Answer: endpoint.Broken()}) },
		"slow": func(s *simulated) {
			s.Inject(endpoint.Fault{Path: "invocations", Times: 1, Answer: endpoint.Slow(2 * time.Second)})
		},
		"redirect": func(s *simulated) {
			s.Inject(endpoint.Fault{Path: "invocations", Times: 1, Answer: endpoint.Redirect("http://127.0.0.1:1")})
		},
		"server error": func(s *simulated) {
			s.Inject(endpoint.Fault{Path: "/api", Times: 2, Answer: endpoint.Status(http.StatusBadGateway, "text/html", "<html>")})
		},
		"login page": func(s *simulated) {
			s.Inject(endpoint.Fault{Path: "/api", Times: 2, Answer: endpoint.Status(http.StatusOK, "text/html", "<html>")})
		},
		"attempts fail": func(s *simulated) {
			s.Inject(endpoint.Fault{Path: "/attempts", Times: endpoint.Always, Answer: endpoint.Status(http.StatusBadGateway, "", "")})
		},
		"another closed": func(s *simulated) {
			s.RefuseWebhook(s.AddWebhook(zendesk.Webhook{Name: "Closed"}), http.StatusForbidden)
		},
	}
	for name, fault := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSimulated(t)
			rows := s.traffic(250)
			fault(s)
			require.Eventually(t, func() bool { return s.poll(t) == nil }, 20*time.Second, time.Millisecond)
			assert.Equal(t, rows, s.distinct(t))
			for range 2 {
				require.NoError(t, s.poll(t))
			}
			assert.Equal(t, rows, s.distinct(t))
		})
	}
}

func TestSimulatedThrottling(t *testing.T) {
	s := newSimulated(t)
	s.traffic(10)
	s.ThrottleNext("invocations", 1, time.Second)
	require.ErrorContains(t, s.poll(t), "429 Too Many Requests")
	require.Eventually(t, func() bool { return s.poll(t) == nil }, 20*time.Second, 10*time.Millisecond)
	assert.Equal(t, 10, s.distinct(t))
	assert.Len(t, s.Account.Requests("/invocations"), 2, "nothing was sent before the time was over")
}

func TestSimulatedEndlessPages(t *testing.T) {
	s := newSimulated(t)
	rows := s.traffic(150)
	s.EndlessPages(true)
	require.ErrorContains(t, s.poll(t), "lead back", "the list of webhooks has no end")
	s.EndlessPages(false)
	require.NoError(t, s.poll(t))
	assert.Equal(t, rows, s.distinct(t))
}

// What Zendesk has forgotten is not missed, and what comes afterwards is in the log.
func TestSimulatedLogIsEmptied(t *testing.T) {
	s := newSimulated(t)
	rows := s.traffic(10)
	require.NoError(t, s.poll(t))
	s.ForgetInvocations()
	require.NoError(t, s.poll(t))
	s.AddInvocation(s.hook, zendesk.Invocation{Status: "success", StatusCode: http.StatusOK, CompletedAt: time.Now()})
	require.NoError(t, s.poll(t))
	assert.Equal(t, rows+1, s.distinct(t))
}
