// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

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
	{"the replay ids of Salesforce expired", func(t *testing.T, s *station) {
		t.Helper()
		pause(t, time.Second)
		s.stopLoad(t)
		s.await(t, time.Now().Add(-recent), isChange) // what is not fetched by then is gone at Salesforce, too
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
// failures are met with a pause of minutes, which the restart makes short.
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
	for _, failure := range []pubsub.Failure{
		pubsub.ConnectionReset, pubsub.Unavailable, pubsub.TooManyRequests, pubsub.SubscriptionInternal, pubsub.TopicNotPermitted, pubsub.DeliveryLimit,
	} {
		org.PubSub.FailNext(pubsub.Subscribe, 1, failure)
		org.PubSub.KillStreams(failure)
		pause(t, 300*time.Millisecond)
	}
	org.ExpireTokens()
	org.PubSub.KillStreams(pubsub.Unauthenticated)
	for _, silent := range []bool{true, false} {
		for _, entity := range []string{"Account", "Case", "Contact", "Lead"} {
			org.PubSub.Silence("/data/"+entity+"ChangeEvent", silent)
		}
		pause(t, 1500*time.Millisecond)
	}
	s.process.Load().Stop(t)
	s.run(t)
}
