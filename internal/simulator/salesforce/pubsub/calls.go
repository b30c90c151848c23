// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"slices"
	"sync"

	"google.golang.org/grpc/metadata"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

// Call is one that came, with what was sent along.
type Call struct {
	Method      Method
	AccessToken string
	InstanceURL string
	TenantID    string
	// Topic or SchemaID is what it was about; of a subscription also where it began.
	Topic    string
	SchemaID string
	Preset   pubsubapi.ReplayPreset
	ReplayID []byte
	// Requested are the credits that a subscription asked for, one after the other.
	Requested []int32
}

// calls remembers. Its zero value is ready for use.
type calls struct {
	mu   sync.Mutex
	list []*Call
	open int
}

// begin remembers a call, with its metadata.
func (c *calls) begin(ctx context.Context, call Call) *Call {
	md, _ := metadata.FromIncomingContext(ctx)
	call.AccessToken, call.InstanceURL, call.TenantID = first(md, "accesstoken"), first(md, "instanceurl"), first(md, "tenantid")
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, &call)
	return &call
}

func first(md metadata.MD, key string) string {
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// requested notes a further request of a subscription.
func (c *calls) requested(call *Call, n int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	call.Requested = append(call.Requested, n)
}

// opened counts the streams in delivery.
func (c *calls) opened(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open += n
}

// Calls returns the calls of a method so far, oldest first.
func (s *Server) Calls(method Method) []Call {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	var found []Call
	for _, call := range s.calls.list {
		if call.Method == method {
			copied := *call
			copied.Requested = slices.Clone(call.Requested)
			found = append(found, copied)
		}
	}
	return found
}

// OpenStreams returns how many subscriptions are established: a test that publishes
// for subscribers from LATEST on waits for them.
func (s *Server) OpenStreams() int {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	return s.calls.open
}
