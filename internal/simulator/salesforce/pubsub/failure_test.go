// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

func TestSubscriptionsThatCannotBe(t *testing.T) {
	h := start(t, Settings{Authorize: func(token, _, _ string) bool { return token == "token" }})
	h.Forbid("/data/LeadChangeEvent", true)
	custom := pubsubapi.ReplayPreset_CUSTOM
	for name, test := range map[string]struct {
		request *pubsubapi.FetchRequest
		failure Failure
	}{
		"no such topic":     {&pubsubapi.FetchRequest{TopicName: "/data/Nothing", NumRequested: 1}, TopicNotFound},
		"not permitted":     {&pubsubapi.FetchRequest{TopicName: "/data/LeadChangeEvent", NumRequested: 1}, CannotSubscribe},
		"nothing requested": {&pubsubapi.FetchRequest{TopicName: caseTopic}, NumRequestedInvalid},
		"no replay id":      {&pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1, ReplayPreset: custom}, ReplayIDMissing},
		"short replay id":   {&pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1, ReplayPreset: custom, ReplayId: []byte("short")}, ReplayIDCorrupted},
		"unknown replay id": {&pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1, ReplayPreset: custom, ReplayId: replayBytes(7)}, ReplayIDCorrupted},
	} {
		t.Run(name, func(t *testing.T) { failsWith(t, h.open(t, test.request), test.failure) })
	}
	h.ctx = signedIn(t.Context(), "old")
	failsWith(t, h.open(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1}), Unauthenticated)
	h.ctx = t.Context()
	failsWith(t, h.open(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1}), HeadersInvalid)
}

func TestRequestsThatEndAStream(t *testing.T) {
	h := start(t, Settings{})
	for _, test := range []struct {
		request *pubsubapi.FetchRequest
		failure Failure
	}{
		{&pubsubapi.FetchRequest{TopicName: "/data/LeadChangeEvent", NumRequested: 1}, TopicMismatch},
		{&pubsubapi.FetchRequest{NumRequested: -1}, NumRequestedInvalid},
	} {
		stream := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1})
		require.NoError(t, stream.Send(test.request))
		failsWith(t, stream, test.failure)
		require.Eventually(t, func() bool { return h.OpenStreams() == 0 }, 10*time.Second, time.Millisecond)
	}
}

func TestReplayIDsExpire(t *testing.T) {
	h := start(t, Settings{})
	old := h.publish(t, "old")
	h.ForgetEvents()
	stream := h.open(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1, ReplayPreset: pubsubapi.ReplayPreset_CUSTOM, ReplayId: old})
	failsWith(t, stream, ReplayIDCorrupted)
	young := h.publish(t, "young")
	stream = h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 5, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST})
	assert.Equal(t, [][]byte{young}, replayIDs(receive(t, stream)))
}

func TestSilence(t *testing.T) {
	h := start(t, Settings{Keepalive: time.Millisecond, CreditTimeout: time.Millisecond})
	h.Silence(caseTopic, true)
	h.Silence("/data/Nothing", true)
	stream := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1})
	published := h.publish(t, "x")
	received := make(chan *pubsubapi.FetchResponse)
	go func() {
		response, err := stream.Recv()
		if err != nil {
			response = nil
		}
		received <- response
	}()
	select {
	case response := <-received:
		require.Fail(t, "a silent topic spoke", "%v", response)
	case <-time.After(50 * time.Millisecond):
	}
	h.Silence(caseTopic, false)
	// A keepalive may come first.
	response := <-received
	for len(response.GetEvents()) == 0 {
		response = receive(t, stream)
	}
	assert.Equal(t, [][]byte{published}, replayIDs(response))
}

func TestFailuresOnASwitch(t *testing.T) {
	h := start(t, Settings{})
	request := &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1}
	h.FailNext(Subscribe, 2, TooManyClients)
	h.FailNext(Subscribe, 1, ConnectionReset)
	failsWith(t, h.open(t, request), TooManyClients)
	failsWith(t, h.open(t, request), TooManyClients)
	failsWith(t, h.open(t, request), ConnectionReset)

	first, second := h.subscribe(t, request), h.subscribe(t, request)
	h.KillStreams(Unavailable)
	failsWith(t, first, Unavailable)
	failsWith(t, second, Unavailable)
	third := h.subscribe(t, request)
	h.publish(t, "x")
	assert.Len(t, receive(t, third).GetEvents(), 1)
	assert.Equal(t, 1, h.OpenStreams())
}

func TestAnswersThatComeLate(t *testing.T) {
	h := start(t, Settings{})
	h.Delay(GetSchema, time.Hour)
	h.Delay(GetTopic, time.Millisecond)
	_, err := h.client.GetTopic(h.ctx, &pubsubapi.TopicRequest{TopicName: caseTopic})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(h.ctx)
	failed := make(chan error, 1)
	go func() {
		_, err := h.client.GetSchema(ctx, &pubsubapi.SchemaRequest{SchemaId: "x"})
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(h.Calls(GetSchema)) == 1 }, 10*time.Second, time.Millisecond)
	cancel()
	assert.Equal(t, codes.Canceled, status.Code(<-failed))
}

func TestAnAddressThatIsTaken(t *testing.T) {
	h := start(t, Settings{})
	_, err := Start(Settings{Address: h.Address})
	require.Error(t, err)
}
