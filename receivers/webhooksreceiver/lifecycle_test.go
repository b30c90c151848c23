// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesktest"
)

// TestOverHTTP runs the receiver as it runs, over a connection of its own.
func TestOverHTTP(t *testing.T) {
	w := newWorld(t)
	w.serve(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	startAndStop(t, w, func() bool { return w.sink.LogRecordCount() == 1 })
	assert.Zero(t, w.store.Open(), "the storage is closed")
	assert.Empty(t, w.reported())
}

// A Zendesk that does not answer neither holds up the start nor the end.
func TestSilentZendesk(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(http.ResponseWriter, *http.Request) bool {
			<-release
			return true
		}
	})
	w.serve(t)
	t.Cleanup(func() { close(release) })
	require.NoError(t, w.webhooksReceiver.Start(t.Context(), w.host()))
	require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
	require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()), "again")
}

func TestStartErrors(t *testing.T) {
	w := newWorld(t)
	err := w.webhooksReceiver.Start(t.Context(), componenttest.NewNopHost())
	require.ErrorContains(t, err, `storage: "file_storage/state" is no storage extension of this collector`)

	w = newWorld(t, func(w *world) { w.config.TLS.CAFile = filepath.Join("testdata", "missing.crt") })
	require.ErrorContains(t, w.webhooksReceiver.Start(t.Context(), w.host()), "tls: ")

	w = newWorld(t, func(w *world) { w.config.Endpoint = "http://acme.zendesk.com" })
	require.ErrorContains(t, w.webhooksReceiver.Start(t.Context(), w.host()), "endpoint: ")
}

func TestLegacyTokenIsAnnounced(t *testing.T) {
	w := newWorld(t, func(w *world) {
		w.config.ClientID, w.config.ClientSecret = "", ""
		w.config.Email, w.config.APIToken = zendesktest.Email, zendesktest.APIToken
	})
	startAndStop(t, w, func() bool { return len(w.Requests()) > 0 })
	assert.Equal(t, 1, w.logs.FilterMessageSnippet("30 April 2027").Len())
}

// Polled for a day, with a token that expires every 30 minutes.
func TestADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(w *world) { w.ExpiresIn, w.Limit = 1800, 1<<30 })
		w.webhooksReceiver.now = time.Now
		outage := false
		w.Change(func(s *zendesktest.Server) {
			s.Intercept = func(rw http.ResponseWriter, _ *http.Request) bool {
				if outage {
					rw.WriteHeader(http.StatusServiceUnavailable)
				}
				return outage
			}
		})
		require.NoError(t, w.webhooksReceiver.Start(t.Context(), w.host()))
		for hour := range 24 {
			w.Change(func(*zendesktest.Server) { outage = hour == 12 })
			w.Add(hookA, zendesktest.Row{ID: string(rune('A' + hour)), Status: "success", CompletedAt: time.Now().UTC().Format(time.RFC3339)})
			time.Sleep(time.Hour)
		}
		require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
		assert.Equal(t, 24, w.sink.LogRecordCount())
		requests := w.Requests()
		tokens, lists := zendesktest.Count(requests, "/oauth/tokens"), zendesktest.Count(requests, "/api/v2/webhooks?")
		assert.InDelta(t, 55, tokens, 15, "one for each half-hour, and some attempts during the outage")
		assert.InDelta(t, 23*60, lists, 150)
		assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, w.reported())
	})
}

// TestConsumeContract is the contract that the collector's receivertest checks: whatever
// the pipeline answers, each activity is taken or refused for good, and once. That check
// itself gives five seconds to a receiver; this one hands over again after up to a
// minute, so its time has to be a simulated one, in which the check cannot run.
func TestConsumeContract(t *testing.T) {
	transient, permanent := errors.New("the queue is full"), consumererror.NewPermanent(errors.New("malformed"))
	scenarios := map[string][]error{
		"success": {nil}, "transient": {nil, transient, transient}, "permanent": {nil, permanent}, "both": {nil, transient, permanent},
	}
	for name, outcomes := range scenarios {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				settled := map[string]int{}
				next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error {
					outcome := outcomes[rand.IntN(len(outcomes))]
					if errors.Is(outcome, transient) || outcome != nil && logs.LogRecordCount() > 1 {
						return outcome // those that are refused together come again one by one
					}
					mu.Lock()
					defer mu.Unlock()
					for _, record := range records(logs) {
						settled[text(record, "activity.id")]++
					}
					return outcome
				})
				require.NoError(t, err)
				w := newWorld(t, func(w *world) { w.next, w.PageSize = next, 7 })
				w.webhooksReceiver.now = time.Now
				require.NoError(t, w.webhooksReceiver.Start(t.Context(), w.host()))
				var generators sync.WaitGroup
				const each = 50
				for g := range 4 {
					generators.Go(func() {
						for i := range each {
							hook := []string{hookA, hookB}[i%2]
							w.Add(hook, zendesktest.Row{ID: string(rune('A'+g)) + string(rune('a'+i%26)) + string(rune('a'+i/26)), Status: "success", CompletedAt: time.Now().UTC().Format(time.RFC3339)})
							time.Sleep(time.Duration(rand.IntN(10)) * time.Second)
						}
					})
				}
				generators.Wait()
				time.Sleep(3 * time.Hour) // what is refused again and again comes once a minute
				require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
				assert.Len(t, settled, 4*each)
				for id, n := range settled {
					assert.Equal(t, 1, n, id)
				}
			})
		})
	}
}
