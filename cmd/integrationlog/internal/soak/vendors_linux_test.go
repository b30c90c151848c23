// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

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
	{"a thousand slow clients", func(t *testing.T, s *station) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		faults.Slow(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(s.all.Ports.Webhook)), 1000)
	}},
	{"each delivery three times more, with a kill -9 between", func(t *testing.T, s *station) {
		t.Helper()
		pause(t, 2*time.Second)
		s.storm(t, 1)
		s.kill()
		s.run(t)
		s.storm(t, 2)
	}},
	{"senders' clocks jump an hour back, then four minutes ahead", func(t *testing.T, s *station) {
		t.Helper()
		for _, ahead := range []time.Duration{-time.Hour, 4 * time.Minute, 0} {
			s.load.SetClocks(ahead)
			pause(t, time.Second)
		}
	}},
	{"vendors' APIs failing, and a restart", troubleVendors},
	{"subscriptions that end with each of Salesforce's codes", endSubscriptions},
	{"the replay ids of Salesforce expired", func(t *testing.T, s *station) {
		t.Helper()
		pause(t, time.Second)
		s.stopLoad(t)
		s.await(t, s.began.Add(-recent), isChange) // what is not fetched by then is gone at Salesforce, too
		// A process begins anew with the events at most once an hour.
		s.kill()
		s.run(t)
		s.vendors.Salesforce.PubSub.ForgetEvents()
		s.vendors.Salesforce.PubSub.KillStreams(pubsub.ConnectionReset)
		s.load.Start(t.Context(), 1)
		pause(t, 2*time.Second)
	}},
}

func isChange(e ledger.Entry) bool { return e.Product == activity.Salesforce }

// storm posts again what this phase has posted so far.
func (s *station) storm(t *testing.T, times int) {
	t.Helper()
	repeated, err := s.load.Storm(t.Context(), deliveryWithin, times, s.ledger.Phase())
	require.NoError(t, err)
	t.Logf("%s: %d redeliveries", s.name, repeated)
}

// troubleVendors throws the switches of the simulated vendors, one after the other. Some
// failures are met with a pause, which the restart makes short.
func troubleVendors(t *testing.T, s *station) {
	t.Helper()
	org, account := s.vendors.Salesforce, s.vendors.Zendesk
	account.ExpireTokens()
	account.RefuseTokens(1, zendesk.OAuthError{Status: http.StatusServiceUnavailable})
	for _, answer := range []endpoint.Answer{
		endpoint.Status(http.StatusBadGateway, "text/html", "<html>"), endpoint.HalfWritten(), endpoint.Broken(), endpoint.Slow(time.Second),
	} {
		account.Inject(endpoint.Fault{Path: "/invocations", Times: 1, Answer: answer})
	}
	account.ThrottleNext("/api/v2/webhooks", 1, time.Second)
	for _, failure := range []pubsub.Failure{pubsub.Unauthenticated, pubsub.ConnectionReset} {
		org.ExpireTokens()
		before := s.subscriptions()
		org.PubSub.KillStreams(failure)
		s.awaitSubscriptions(t, before+len(entities))
	}
	s.awaitStreams(t)
	for _, silent := range []bool{true, false} {
		for _, entity := range entities {
			org.PubSub.Silence("/data/"+entity+"ChangeEvent", silent)
		}
		pause(t, 1500*time.Millisecond)
	}
	s.process.Load().Stop(t)
	s.run(t)
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
