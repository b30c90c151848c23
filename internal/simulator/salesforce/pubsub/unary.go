// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"crypto/rand"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

// service is what is registered: the procedures that this server has.
type service struct {
	pubsubapi.UnimplementedPubSubServer

	server *Server
}

// GetTopic answers what is to be known of a topic, and whether it can be subscribed to.
func (v *service) GetTopic(ctx context.Context, request *pubsubapi.TopicRequest) (*pubsubapi.TopicInfo, error) {
	s := v.server
	call := s.calls.begin(ctx, Call{Method: GetTopic, Topic: request.GetTopicName()})
	if failure, failed := s.admit(ctx, call); failed {
		return nil, fail(ctx, failure, "GetTopic")
	}
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	t := s.bus.topic(request.GetTopicName())
	if t == nil {
		return nil, fail(ctx, TopicNotFound, "GetTopic")
	}
	info := &pubsubapi.TopicInfo{
		TopicName: request.GetTopicName(), TenantGuid: s.settings.TenantID, CanSubscribe: !t.forbidden, RpcId: rand.Text(),
	}
	if t.schema != nil {
		info.SchemaId = t.schema.ID
	}
	return info, nil
}

// GetSchema answers a schema, also one that is not used any more.
func (v *service) GetSchema(ctx context.Context, request *pubsubapi.SchemaRequest) (*pubsubapi.SchemaInfo, error) {
	s := v.server
	call := s.calls.begin(ctx, Call{Method: GetSchema, SchemaID: request.GetSchemaId()})
	if failure, failed := s.admit(ctx, call); failed {
		return nil, fail(ctx, failure, "GetSchema")
	}
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	schema := s.bus.schemas[request.GetSchemaId()]
	if schema == nil {
		return nil, fail(ctx, SchemaNotFound, "GetSchema")
	}
	return &pubsubapi.SchemaInfo{SchemaJson: schema.JSON, SchemaId: schema.ID, RpcId: rand.Text()}, nil
}

// admit checks the credentials of a call, and whether it is one that is to fail.
func (s *Server) admit(ctx context.Context, call *Call) (Failure, bool) {
	s.switches.wait(ctx, call.Method)
	if failure, due := s.switches.take(call.Method); due {
		return failure, true
	}
	if call.AccessToken == "" || call.InstanceURL == "" || call.TenantID == "" {
		return HeadersInvalid, true
	}
	if s.settings.Authorize != nil && !s.settings.Authorize(call.AccessToken, call.InstanceURL, call.TenantID) {
		return Unauthenticated, true
	}
	return Failure{}, false
}
