// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"google.golang.org/grpc/codes"

	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	simulator "github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
)

const (
	organization = "00D5g00000AbCdEEAV"
	topic        = "/data/AccountChangeEvent"
)

// tokens gives a token with a number, and another after one was refused.
type tokens struct {
	mu     sync.Mutex
	number int
	extra  map[string]string
	err    error
}

func newTokens() *tokens {
	return &tokens{extra: map[string]string{
		"instance_url": "https://acme.my.salesforce.com", "id": "https://login.salesforce.com/id/" + organization + "/0055g000001AbCdAAK",
	}}
}

func (s *tokens) Token(context.Context) (oauth.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return oauth.Token{}, s.err
	}
	return oauth.NewBearer(configopaque.String("token-"+strconv.Itoa(s.number)), time.Time{}, s.extra), nil
}

func (s *tokens) Invalidate(token oauth.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token.Bearer() == "token-"+strconv.Itoa(s.number) {
		s.number++
	}
}

func start(t *testing.T, settings simulator.Settings) *simulator.Server {
	t.Helper()
	// The real ones last a minute, which the end of a test may have to wait for.
	settings.Keepalive, settings.CreditTimeout = cmp.Or(settings.Keepalive, time.Second), cmp.Or(settings.CreditTimeout, time.Second)
	server, err := simulator.Start(settings)
	require.NoError(t, err)
	t.Cleanup(server.Close)
	return server
}

func dial(t *testing.T, server *simulator.Server, source oauth.TokenSource, change func(*Settings)) *Client {
	t.Helper()
	settings := Settings{Endpoint: server.Address, Insecure: true, Tokens: source, UserAgent: "test"}
	if change != nil {
		change(&settings)
	}
	client, err := NewClient(settings)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

func failureOf(t *testing.T, err error) *Error {
	t.Helper()
	var failure *Error
	require.ErrorAs(t, err, &failure)
	return failure
}

func TestCalls(t *testing.T) {
	server := start(t, simulator.Settings{})
	client := dial(t, server, newTokens(), nil)
	require.NoError(t, client.CheckTopic(t.Context(), topic))
	text, err := client.Schema(t.Context(), changeevent.Account.ID)
	require.NoError(t, err)
	require.JSONEq(t, changeevent.Account.JSON, text)

	subscription, err := client.Subscribe(t.Context())
	require.NoError(t, err)
	require.NoError(t, subscription.Send(&pubsubapi.FetchRequest{TopicName: topic, NumRequested: 1, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST}))
	replayID, err := server.Publish("Account", changeevent.Change{Type: changeevent.Create, RecordIDs: []string{"001"}})
	require.NoError(t, err)
	answer, err := subscription.Receive()
	require.NoError(t, err)
	require.Equal(t, replayID, answer.GetEvents()[0].GetReplayId())

	for _, method := range []simulator.Method{simulator.GetTopic, simulator.GetSchema, simulator.Subscribe} {
		calls := server.Calls(method)
		require.Len(t, calls, 1)
		require.Equal(t, "token-0", calls[0].AccessToken, method)
		require.Equal(t, "https://acme.my.salesforce.com", calls[0].InstanceURL, method)
		require.Equal(t, organization, calls[0].TenantID, method)
	}

	server.KillStreams(simulator.Unavailable)
	_, err = subscription.Receive()
	failure := failureOf(t, err)
	require.Equal(t, Transient, failure.Kind)
	require.Equal(t, "service.unavailable", failure.Code)
	require.NotEmpty(t, failure.RPCID)
	require.NoError(t, subscription.Send(&pubsubapi.FetchRequest{TopicName: topic, NumRequested: 1}), "Receive tells why")
}

// A stream that Salesforce ends in peace has ended all the same.
func TestPeacefulEnd(t *testing.T) {
	server := start(t, simulator.Settings{CreditTimeout: time.Millisecond})
	client := dial(t, server, newTokens(), nil)
	subscription, err := client.Subscribe(t.Context())
	require.NoError(t, err)
	_, err = server.Publish("Account", changeevent.Change{Type: changeevent.Create, RecordIDs: []string{"001"}})
	require.NoError(t, err)
	require.NoError(t, subscription.Send(&pubsubapi.FetchRequest{TopicName: topic, NumRequested: 1, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST}))
	_, err = subscription.Receive()
	require.NoError(t, err)
	_, err = subscription.Receive()
	require.Equal(t, codes.OK, failureOf(t, err).Status)
	require.Equal(t, Transient, failureOf(t, err).Kind)
}

// TestRefusedToken: it is not used again, and a stream has the token that it began with.
func TestRefusedToken(t *testing.T) {
	server := start(t, simulator.Settings{Authorize: func(token, _, _ string) bool { return token == "token-1" }})
	client := dial(t, server, newTokens(), nil)
	require.Equal(t, Authentication, failureOf(t, client.CheckTopic(t.Context(), topic)).Kind)
	require.NoError(t, client.CheckTopic(t.Context(), topic))

	subscription, err := client.Subscribe(t.Context())
	require.NoError(t, err)
	require.NoError(t, subscription.Send(&pubsubapi.FetchRequest{TopicName: topic, NumRequested: 1}))
	require.Eventually(t, func() bool { return server.OpenStreams() == 1 }, 10*time.Second, time.Millisecond)
	server.KillStreams(simulator.Unauthenticated)
	_, err = subscription.Receive()
	require.Equal(t, Authentication, failureOf(t, err).Kind)
	require.Equal(t, Authentication, failureOf(t, client.CheckTopic(t.Context(), topic)).Kind, "another token")
}

func TestTopicThatCannotBeSubscribed(t *testing.T) {
	server := start(t, simulator.Settings{})
	client := dial(t, server, newTokens(), nil)
	server.Forbid(topic, true)
	failure := failureOf(t, client.CheckTopic(t.Context(), topic))
	require.Equal(t, Refused, failure.Kind)
	require.Contains(t, failure.Error(), "View All Records")
	failure = failureOf(t, client.CheckTopic(t.Context(), "/data/Nothing__chn"))
	require.Equal(t, Refused, failure.Kind)
	require.Contains(t, failure.Error(), "Change Data Capture")
}

func TestWhoCalls(t *testing.T) {
	server := start(t, simulator.Settings{})
	client := dial(t, server, newTokens(), func(s *Settings) {
		s.InstanceURL, s.OrganizationID = "https://other.my.salesforce.com", "00D5g00000OtherEAV"
	})
	require.NoError(t, client.CheckTopic(t.Context(), topic))
	require.Equal(t, "https://other.my.salesforce.com", server.Calls(simulator.GetTopic)[0].InstanceURL)
	require.Equal(t, "00D5g00000OtherEAV", server.Calls(simulator.GetTopic)[0].TenantID)

	source := newTokens()
	client = dial(t, server, source, nil)
	for name, want := range map[string]error{"instance_url": errNoInstance, "id": errNoTenant} {
		source.extra = map[string]string{
			"instance_url": "https://acme.my.salesforce.com", "id": "https://login.salesforce.com/id/00D5g00000AbCdE/005",
		}
		delete(source.extra, name)
		require.ErrorIs(t, client.CheckTopic(t.Context(), topic), want)
		_, err := client.Subscribe(t.Context())
		require.ErrorIs(t, err, want)
		require.Equal(t, Authentication, failureOf(t, err).Kind)
	}
	source.err = errors.New("no token")
	require.ErrorIs(t, client.CheckTopic(t.Context(), topic), source.err)
}

func TestOrganizationID(t *testing.T) {
	for id, want := range map[string]string{
		"https://login.salesforce.com/id/" + organization + "/0055g000001AbCdAAK": organization,
		"https://acme.my.salesforce.com/id/00D5g00000AbCdE/0055g000001AbCd":       "00D5g00000AbCdE",
		"https://login.salesforce.com/id/":                                        "",
		"https://login.salesforce.com/id/short/user":                              "",
		"": "",
	} {
		require.Equal(t, want, OrganizationID(oauth.NewBearer("t", time.Time{}, map[string]string{"id": id})), id)
	}
}

// TestTokenStaysHere: it goes nowhere without encryption but to this machine.
func TestTokenStaysHere(t *testing.T) {
	for _, endpoint := range []string{"api.pubsub.salesforce.com:7443", "192.0.2.1:7443", "localhost.example.com:7443"} {
		_, err := NewClient(Settings{Endpoint: endpoint, Insecure: true, Tokens: newTokens()})
		require.ErrorContains(t, err, "not on this machine")
	}
	for _, endpoint := range []string{"", "api.pubsub.salesforce.com", ":7443", "host:", "https://api.pubsub.salesforce.com:7443/x"} {
		require.Error(t, CheckEndpoint(endpoint, false), endpoint)
	}
	for _, endpoint := range []string{"localhost:7443", "127.0.0.1:7443", "[::1]:7443"} {
		require.NoError(t, CheckEndpoint(endpoint, true))
	}
	require.NoError(t, CheckEndpoint(DefaultEndpoint, false))
	_, err := NewClient(Settings{Endpoint: DefaultEndpoint})
	require.Error(t, err, "without tokens")

	server := start(t, simulator.Settings{})
	client := dial(t, server, newTokens(), func(s *Settings) { s.Insecure = false })
	require.Equal(t, Transient, failureOf(t, client.CheckTopic(t.Context(), topic)).Kind, "the server does not speak TLS")
	require.Empty(t, server.Calls(simulator.GetTopic))
}

func TestStopped(t *testing.T) {
	server := start(t, simulator.Settings{})
	client := dial(t, server, newTokens(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, client.CheckTopic(ctx, topic), context.Canceled)
}
