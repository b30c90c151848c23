// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
)

const caseTopic = "/data/CaseChangeEvent"

// harness is a server and a client of it.
type harness struct {
	*Server
	client pubsubapi.PubSubClient
	ctx    context.Context //nolint:containedctx // that of the test, with its credentials
}

func start(t *testing.T, settings Settings) *harness {
	t.Helper()
	server, err := Start(settings)
	require.NoError(t, err)
	t.Cleanup(server.Close)
	connection, err := grpc.NewClient(server.Address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, connection.Close()) })
	return &harness{server, pubsubapi.NewPubSubClient(connection), signedIn(t.Context(), "token")}
}

func signedIn(ctx context.Context, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "accesstoken", token, "instanceurl", "https://acme.my.salesforce.com", "tenantid", "00D")
}

// subscribe opens a stream with a first request, and waits until it is established.
func (h *harness) subscribe(t *testing.T, request *pubsubapi.FetchRequest) pubsubapi.PubSub_SubscribeClient {
	t.Helper()
	open := h.OpenStreams()
	stream := h.open(t, request)
	require.Eventually(t, func() bool { return h.OpenStreams() == open+1 }, 10*time.Second, time.Millisecond)
	return stream
}

func (h *harness) open(t *testing.T, request *pubsubapi.FetchRequest) pubsubapi.PubSub_SubscribeClient {
	t.Helper()
	ctx, cancel := context.WithCancel(h.ctx)
	t.Cleanup(cancel)
	stream, err := h.client.Subscribe(ctx)
	require.NoError(t, err)
	require.NoError(t, stream.Send(request))
	return stream
}

func (h *harness) publish(t *testing.T, subject string) []byte {
	t.Helper()
	replayID, err := h.Publish("Case", changeevent.Change{
		Type: changeevent.Create, RecordIDs: []string{subject}, CommitTime: time.Unix(0, 0),
		Fields: map[string]any{"Subject": subject},
	})
	require.NoError(t, err)
	return replayID
}

func receive(t *testing.T, stream pubsubapi.PubSub_SubscribeClient) *pubsubapi.FetchResponse {
	t.Helper()
	response, err := stream.Recv()
	require.NoError(t, err)
	return response
}

// failsWith checks how a stream ends.
func failsWith(t *testing.T, stream pubsubapi.PubSub_SubscribeClient, failure Failure) {
	t.Helper()
	_, err := stream.Recv()
	require.Equal(t, failure.Status, status.Code(err), "%v", err)
	if failure.Code == "" {
		assert.Empty(t, stream.Trailer().Get("error-code"))
		return
	}
	assert.Equal(t, []string{"sfdc.platform.eventbus.grpc." + failure.Code}, stream.Trailer().Get("error-code"))
	rpcID := stream.Trailer().Get("rpc-id")
	require.Len(t, rpcID, 1)
	assert.Contains(t, err.Error(), "rpcId: "+rpcID[0])
}

func replayIDs(response *pubsubapi.FetchResponse) [][]byte {
	var ids [][]byte
	for _, e := range response.GetEvents() {
		ids = append(ids, e.GetReplayId())
	}
	return ids
}

func TestPresets(t *testing.T) {
	h := start(t, Settings{})
	first, second := h.publish(t, "1"), h.publish(t, "2")
	assert.Len(t, first, 10)

	latest := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 10})
	earliest := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 10, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST})
	custom := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 10, ReplayPreset: pubsubapi.ReplayPreset_CUSTOM, ReplayId: first})

	got := receive(t, earliest)
	assert.Equal(t, [][]byte{first, second}, replayIDs(got))
	assert.Equal(t, second, got.GetLatestReplayId())
	assert.EqualValues(t, 8, got.GetPendingNumRequested())
	assert.Equal(t, [][]byte{second}, replayIDs(receive(t, custom)))
	third := h.publish(t, "3")
	assert.Equal(t, [][]byte{third}, replayIDs(receive(t, latest)))

	calls := h.Calls(Subscribe)
	require.Len(t, calls, 3)
	assert.Equal(t, Call{
		Method: Subscribe, AccessToken: "token", InstanceURL: "https://acme.my.salesforce.com", TenantID: "00D", Topic: caseTopic,
		Preset: pubsubapi.ReplayPreset_CUSTOM, ReplayID: first, Requested: []int32{10},
	}, calls[2])
}

func TestCredit(t *testing.T) {
	h := start(t, Settings{})
	for range 130 {
		h.publish(t, "x")
	}
	stream := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 2, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST})
	got := receive(t, stream)
	assert.Len(t, got.GetEvents(), 2)
	assert.Zero(t, got.GetPendingNumRequested())
	// More than 100 count as 100. The topic can be left out, and a replay is ignored.
	require.NoError(t, stream.Send(&pubsubapi.FetchRequest{NumRequested: 500, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST}))
	assert.Len(t, receive(t, stream).GetEvents(), 100)
	require.NoError(t, stream.Send(&pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 30}))
	got = receive(t, stream)
	assert.Len(t, got.GetEvents(), 28)
	assert.EqualValues(t, 2, got.GetPendingNumRequested())
	assert.Equal(t, []int32{2, 500, 30}, h.Calls(Subscribe)[0].Requested)
	require.NoError(t, stream.CloseSend())
	_, err := stream.Recv()
	require.ErrorIs(t, err, io.EOF)
}

func TestBatchesAreAsSmallAsTold(t *testing.T) {
	h := start(t, Settings{MaxBatch: 2})
	for range 3 {
		h.publish(t, "x")
	}
	stream := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 100, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST})
	assert.Len(t, receive(t, stream).GetEvents(), 2)
	assert.Len(t, receive(t, stream).GetEvents(), 1)
}

func TestKeepaliveCarriesTheNewestReplayID(t *testing.T) {
	h := start(t, Settings{Keepalive: 5 * time.Millisecond})
	stream := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 5})
	got := receive(t, stream)
	assert.Empty(t, got.GetEvents())
	assert.EqualValues(t, 5, got.GetPendingNumRequested())
	h.Advance()
	require.Eventually(t, func() bool {
		return string(receive(t, stream).GetLatestReplayId()) > string(got.GetLatestReplayId())
	}, 10*time.Second, time.Millisecond)
	// One can go on from there.
	newest := receive(t, stream).GetLatestReplayId()
	h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 5, ReplayPreset: pubsubapi.ReplayPreset_CUSTOM, ReplayId: newest})
}

func TestAStreamWithoutCreditIsClosed(t *testing.T) {
	h := start(t, Settings{CreditTimeout: 5 * time.Millisecond, Keepalive: time.Hour})
	h.publish(t, "x")
	stream := h.open(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 1, ReplayPreset: pubsubapi.ReplayPreset_EARLIEST})
	assert.Len(t, receive(t, stream).GetEvents(), 1)
	_, err := stream.Recv()
	require.ErrorIs(t, err, io.EOF)
}

func TestChannelsCarryTheTopicsOfTheirMembers(t *testing.T) {
	h := start(t, Settings{})
	h.AddChannel("/data/Zendesk__chn", "/data/LeadChangeEvent")
	all := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: AllChanges, NumRequested: 5})
	some := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: "/data/Zendesk__chn", NumRequested: 5})
	ofCase := h.publish(t, "x")
	lead, err := h.Publish("Lead", changeevent.Change{Type: changeevent.Delete})
	require.NoError(t, err)
	assert.Equal(t, [][]byte{lead}, replayIDs(receive(t, some)))
	assert.Equal(t, ofCase, receive(t, all).GetEvents()[0].GetReplayId())
	_, err = h.Publish("Nothing", changeevent.Change{Type: changeevent.Delete})
	require.EqualError(t, err, "no topic /data/NothingChangeEvent")
}

func TestTopicsAndSchemas(t *testing.T) {
	h := start(t, Settings{TenantID: "00Dxx"})
	info, err := h.client.GetTopic(h.ctx, &pubsubapi.TopicRequest{TopicName: caseTopic})
	require.NoError(t, err)
	assert.True(t, info.GetCanSubscribe())
	assert.Equal(t, "00Dxx", info.GetTenantGuid())
	assert.Equal(t, changeevent.Case.ID, info.GetSchemaId())

	// A new field makes a new schema. The events before it keep theirs.
	stream := h.subscribe(t, &pubsubapi.FetchRequest{TopicName: caseTopic, NumRequested: 5})
	h.publish(t, "before")
	before := receive(t, stream).GetEvents()[0].GetEvent()
	more := changeevent.Case.With(changeevent.Field{Name: "Tier__c", Type: changeevent.Text})
	h.UseSchema(more)
	h.publish(t, "after")
	after := receive(t, stream).GetEvents()[0].GetEvent()
	assert.Equal(t, changeevent.Case.ID, before.GetSchemaId())
	assert.Equal(t, more.ID, after.GetSchemaId())
	for _, event := range []*pubsubapi.ProducerEvent{before, after} {
		schema, err := h.client.GetSchema(h.ctx, &pubsubapi.SchemaRequest{SchemaId: event.GetSchemaId()})
		require.NoError(t, err)
		assert.Contains(t, schema.GetSchemaJson(), event.GetSchemaId())
	}
	h.PublishRaw(caseTopic, "same", "no-such-schema", []byte{1})
	h.PublishRaw(caseTopic, "same", "no-such-schema", []byte{1})
	assert.Equal(t, "same", receive(t, stream).GetEvents()[0].GetEvent().GetId())
}

func TestUnaryFailures(t *testing.T) {
	h := start(t, Settings{Authorize: func(token, _, _ string) bool { return token == "token" }})
	h.FailNext(GetTopic, 1, Unavailable)
	h.FailNext(GetSchema, 1, SchemaUnavailable)
	topic := func(ctx context.Context, name string) (metadata.MD, error) {
		var trailer metadata.MD
		_, err := h.client.GetTopic(ctx, &pubsubapi.TopicRequest{TopicName: name}, grpc.Trailer(&trailer))
		return trailer, err
	}
	schema := func(ctx context.Context, id string) (metadata.MD, error) {
		var trailer metadata.MD
		_, err := h.client.GetSchema(ctx, &pubsubapi.SchemaRequest{SchemaId: id}, grpc.Trailer(&trailer))
		return trailer, err
	}
	for _, test := range []struct {
		call    func(context.Context, string) (metadata.MD, error)
		ctx     context.Context //nolint:containedctx // a case
		about   string
		failure Failure
	}{
		{topic, h.ctx, caseTopic, Unavailable},
		{topic, h.ctx, "/data/Nothing", TopicNotFound},
		{topic, t.Context(), caseTopic, HeadersInvalid},
		{topic, signedIn(t.Context(), "old"), caseTopic, Unauthenticated},
		{schema, h.ctx, changeevent.Case.ID, SchemaUnavailable},
		{schema, h.ctx, "nothing", SchemaNotFound},
	} {
		trailer, err := test.call(test.ctx, test.about)
		assert.Equal(t, test.failure.Status, status.Code(err))
		assert.Equal(t, []string{test.failure.TrailerCode()}, trailer.Get("error-code"))
	}
	_, err := topic(h.ctx, caseTopic)
	require.NoError(t, err)
	h.Forbid(caseTopic, true)
	info, err := h.client.GetTopic(h.ctx, &pubsubapi.TopicRequest{TopicName: caseTopic})
	require.NoError(t, err)
	assert.False(t, info.GetCanSubscribe())
	assert.Equal(t, codes.Unimplemented, status.Code(func() error {
		_, err := h.client.Publish(h.ctx, &pubsubapi.PublishRequest{})
		return err
	}()))
}
