// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
)

// patience is by when the program has to have ended each slow request; its timeouts are five
// seconds for headers and four for bodies.
const patience = 20 * time.Second

// entities are the objects whose changes are fetched, each over a stream of its own.
var entities = []string{"Account", "Case", "Contact", "Lead"}

// failures are all ends of a subscription that the simulated Salesforce knows. Those come
// last that pass by themselves.
var failures = []pubsub.Failure{
	pubsub.TooManyRequests, pubsub.TooManyClients, pubsub.DeliveryLimit, pubsub.NotLicensed,
	pubsub.TopicNotFound, pubsub.TopicNotPermitted, pubsub.CannotSubscribe, pubsub.SchemaNotFound,
	pubsub.Unauthenticated, pubsub.HeadersInvalid, pubsub.ReplayIDCorrupted, pubsub.ReplayIDMissing,
	pubsub.NumRequestedInvalid, pubsub.TopicMismatch, pubsub.SchemaUnavailable, pubsub.SubscriptionInternal,
	pubsub.Unavailable, pubsub.ConnectionReset,
}

// fromVendors are faults of those who post, and of those from whom the program fetches.
var fromVendors = []fault{
	{name: "a thousand slow clients", do: func(t *testing.T, s *station) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		require.NoError(t, faults.Slow(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(s.all.Ports.Webhook)), 1000))
	}},
	{name: "each delivery three times more, with a kill -9 between", do: func(t *testing.T, s *station) {
		t.Helper()
		pause(t, 2*time.Second)
		assert.Zero(t, s.storm(t, 1))
		s.kill()
		s.run(t)
		assert.Zero(t, s.storm(t, 2))
	}},
	{name: "senders' clocks jump an hour back, then four minutes ahead", do: func(t *testing.T, s *station) {
		t.Helper()
		for _, ahead := range []time.Duration{-time.Hour, 4 * time.Minute, 0} {
			s.load.SetClocks(ahead)
			pause(t, time.Second)
		}
	}},
	{name: "vendors' APIs failing, and a restart", do: troubleVendors},
	{name: "subscriptions that end with each of Salesforce's codes", do: endSubscriptions},
	{name: "the replay ids of Salesforce expired", do: func(t *testing.T, s *station) {
		t.Helper()
		pause(t, time.Second)
		s.stopLoad(t)
		s.await(t, s.began.Add(-recent), isChange) // what is not fetched by then is gone at Salesforce, too
		// A process begins anew with the events at most once an hour.
		s.kill()
		s.run(t)
		s.vendors.Salesforce.PubSub.ForgetEvents()
		s.vendors.Salesforce.PubSub.KillStreams(pubsub.ConnectionReset)
		s.load.Start(t.Context())
		pause(t, 2*time.Second)
	}},
}

func isChange(e ledger.Entry) bool { return e.Product == activity.Salesforce && !isCall(e) }

// troubleVendors makes the vendors fail in each way. After a failure they are asked again
// only after a pause, so there is a start for each way.
func troubleVendors(t *testing.T, s *station) {
	t.Helper()
	elsewhere, err := endpoint.Elsewhere()
	require.NoError(t, err)
	defer func() { require.NoError(t, elsewhere.Close()) }()
	fromZendesk, fromSalesforce := zendeskTroubles(s.vendors.Zendesk, elsewhere.URL), salesforceTroubles(s.vendors.Salesforce, elsewhere.URL)
	s.vendors.Zendesk.LinkTo(elsewhere.URL)
	s.vendors.Zendesk.OverlapPages(overlap)
	for n := range max(len(fromZendesk), len(fromSalesforce)) {
		s.kill()
		fromZendesk[n%len(fromZendesk)]()
		fromSalesforce[n%len(fromSalesforce)]()
		s.run(t)
		s.awaitTroubles(t)
	}
	assert.Empty(t, elsewhere.Requests(""), "nobody is to go there")
	s.vendors.Zendesk.LinkTo("")
	s.vendors.Zendesk.OverlapPages(0)
	s.kill()
	s.run(t)
	s.awaitStreams(t)
	s.vendors.Zendesk.ExpireTokens()
	org := s.vendors.Salesforce
	for _, failure := range []pubsub.Failure{pubsub.Unauthenticated, pubsub.ConnectionReset} {
		org.ExpireTokens()
		before := s.subscriptions()
		org.PubSub.KillStreams(failure)
		s.awaitSubscriptions(t, before+len(entities))
	}
	s.awaitStreams(t)
	s.failCalls(t)
	for _, silent := range []bool{true, false} {
		for _, entity := range entities {
			org.PubSub.Silence("/data/"+entity+"ChangeEvent", silent)
		}
		pause(t, 1500*time.Millisecond)
	}
	s.process.Load().Stop(t)
	s.run(t)
}

// failCalls lets the calls by which a process asks for the schema of events fail, and come late.
func (s *station) failCalls(t *testing.T) {
	t.Helper()
	org := s.vendors.Salesforce.PubSub
	for _, failure := range []pubsub.Failure{pubsub.Unavailable, pubsub.SubscriptionInternal, pubsub.ConnectionReset} {
		s.kill()
		before := len(org.Calls(pubsub.GetSchema))
		org.FailNext(pubsub.GetSchema, 1, failure)
		org.Delay(pubsub.GetSchema, answerWithin/2)
		s.run(t)
		harness.Eventually(t, time.Minute, func(context.Context) error {
			if asked := len(org.Calls(pubsub.GetSchema)) - before; asked < 2 {
				return fmt.Errorf("schemas were asked for %d times", asked)
			}
			return nil
		})
		org.Delay(pubsub.GetSchema, 0)
	}
}

// awaitTroubles waits until each of the vendors' faults has struck.
func (s *station) awaitTroubles(t *testing.T) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if zendesk, salesforce := s.vendors.Zendesk.Pending(), s.vendors.Salesforce.Pending(); zendesk+salesforce > 0 {
			return fmt.Errorf("%d faults of Zendesk and %d of Salesforce have not struck", zendesk, salesforce)
		}
		return nil
	})
}

// endSubscriptions lets the first subscriptions of a process fail, until each failure was
// there. After some of them a topic is left alone for minutes, so the next ones are another
// process's.
func endSubscriptions(t *testing.T, s *station) {
	t.Helper()
	org := s.vendors.Salesforce.PubSub
	for some := range slices.Chunk(failures, len(entities)) {
		s.kill()
		before := s.subscriptions()
		for _, failure := range some {
			org.FailNext(pubsub.Subscribe, 1, failure)
		}
		s.run(t)
		s.awaitSubscriptions(t, before+len(some))
	}
	s.awaitStreams(t)
}

// subscriptions is how often Salesforce was asked for changes so far.
func (s *station) subscriptions() int {
	return len(s.vendors.Salesforce.PubSub.Calls(pubsub.Subscribe))
}

func (s *station) awaitSubscriptions(t *testing.T, want int) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if asked := s.subscriptions(); asked < want {
			return fmt.Errorf("%d subscriptions of %d", asked, want)
		}
		return nil
	})
}

// awaitStreams waits until all changes are fetched as they happen.
func (s *station) awaitStreams(t *testing.T) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if open := s.vendors.Salesforce.PubSub.OpenStreams(); open != len(entities) {
			return fmt.Errorf("%d streams are open", open)
		}
		return nil
	})
}
