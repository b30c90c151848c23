// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// newLoad returns a load of a receiver that answers as it is told to.
func newLoad(t *testing.T, answer http.HandlerFunc) (*Load, *ledger.Ledger, *endpoint.Server) {
	t.Helper()
	receiver, err := endpoint.Start(answer)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, receiver.Close()) })
	account, err := zendesk.Start(zendesk.Settings{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, account.Close()) })
	org, err := salesforce.Start(salesforce.Settings{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, org.Close()) })
	l := ledger.New()
	address, err := url.Parse(receiver.URL)
	require.NoError(t, err)
	port, err := strconv.Atoi(address.Port())
	require.NoError(t, err)
	installation := &harness.Installation{Shop: harness.NewShop(receiver.URL+"/shopify", "secret"), Ports: harness.Ports{OTLPHTTP: port}}
	return New(installation, l, Vendors{Salesforce: org, Zendesk: account}), l, receiver
}

// Every product is sent, what was answered with 503 comes again, and a storm repeats what
// was sent, byte for byte.
func TestLoad(t *testing.T) {
	var mu sync.Mutex
	refuse := true
	load, l, receiver := newLoad(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if refuse = !refuse; refuse {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	load.Start(t.Context())
	products := map[activity.Product]int{}
	harness.Eventually(t, time.Minute, func(context.Context) error {
		clear(products)
		for _, e := range l.Phase() {
			products[e.Product]++
		}
		if len(products) < 8 || load.Answers(http.StatusServiceUnavailable) < 5 {
			return errors.New("too few")
		}
		return nil
	})
	require.NoError(t, load.Stop(time.Minute))
	assert.GreaterOrEqual(t, products[activity.SunshineConversations], 4, "of six events four are failures")
	accepted := load.Accepted()
	load.SetClocks(-time.Hour)
	load.Start(t.Context())
	harness.Eventually(t, time.Minute, func(context.Context) error {
		late, found := l.Latest(func(e ledger.Entry) bool { return e.Product == activity.ZIS })
		if !found || time.Since(late.At) < 50*time.Minute {
			return errors.New("no clock has jumped")
		}
		return nil
	})
	require.NoError(t, load.Stop(time.Minute))
	for _, e := range l.All() {
		if e.Acknowledged.IsZero() {
			continue // given up
		}
		fetched := e.Product == activity.Salesforce || e.Product == activity.Webhooks
		assert.Equal(t, fetched, e.Took == 0, e.Key)
	}

	sent := map[string]bool{}
	for _, request := range receiver.Requests("") {
		sent[request.Path+request.Body] = true
	}
	receiver.ForgetRequests()
	phase := l.Phase()
	accepted += load.Accepted()
	repeated, err := load.Storm(t.Context(), time.Minute, 2, phase)
	require.NoError(t, err)
	once, calls := 0, 0
	for _, e := range phase {
		if e.Product == private {
			once++
		}
		if e.Form == CallForm {
			calls++
		}
	}
	assert.Positive(t, once)
	assert.GreaterOrEqual(t, calls, callsOfFile-1, "one of them did not fail")
	assert.Equal(t, 2*(accepted-once/export), repeated)
	assert.Len(t, l.Phase(), len(phase), "nothing new")
	for _, request := range receiver.Requests("") {
		assert.True(t, sent[request.Path+request.Body], request.Body)
	}
}

func TestStormInVain(t *testing.T) {
	load, l, _ := newLoad(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "zis") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	made := load.pushers[0].make(firstNumber, time.Now())
	l.Sent(made.activities...)
	l.Acknowledged(time.Second, made.activities...)
	_, err := load.Storm(t.Context(), 100*time.Millisecond, 1, l.Phase())
	require.ErrorContains(t, err, "0 redeliveries of 1")
}
