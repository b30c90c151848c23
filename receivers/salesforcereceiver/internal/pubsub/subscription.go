// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

// Subscription is one stream. One goroutine may send while another receives.
type Subscription struct {
	client *Client
	who    identity
	stream pubsubapi.PubSub_SubscribeClient
}

// Subscribe opens a stream, which ends with the context. Its error is a [Error].
func (c *Client) Subscribe(ctx context.Context) (*Subscription, error) {
	who, err := c.identity(ctx)
	if err != nil {
		return nil, &Error{Kind: Authentication, cause: err}
	}
	stream, err := c.api.Subscribe(ctx, grpc.PerRPCCredentials(who))
	if err != nil {
		return nil, c.failure(who, err, nil)
	}
	return &Subscription{client: c, who: who, stream: stream}, nil
}

// Send asks for events. It gives no error for a stream that has ended: Receive tells why.
func (s *Subscription) Send(request *pubsubapi.FetchRequest) error {
	err := s.stream.Send(request)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return s.client.failure(s.who, err, nil)
}

// Receive waits for what comes next. Its error is a [Error], also where Salesforce ends
// the stream in peace.
func (s *Subscription) Receive() (*pubsubapi.FetchResponse, error) {
	response, err := s.stream.Recv()
	switch {
	case err == nil:
		return response, nil
	case errors.Is(err, io.EOF):
		return nil, &Error{Kind: Transient, Status: codes.OK, text: "Salesforce ended the stream"}
	default:
		return nil, s.client.failure(s.who, err, s.stream.Trailer())
	}
}
