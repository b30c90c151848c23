// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"crypto/rand"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// codePrefix begins every error code.
const codePrefix = "sfdc.platform.eventbus.grpc."

// Failure is how a call ends. Its code goes into the trailer error-code; the prefix of
// all codes is added. Without one there is no trailer: so it is when the connection
// and not the service fails.
type Failure struct {
	Status codes.Code
	Code   string
	// Message is the beginning of the status's message.
	Message string
}

// The failures that Salesforce documents, and those of the transport.
var (
	Unavailable          = Failure{codes.Internal, "service.unavailable", "The service is temporarily unavailable."}
	Unauthenticated      = Failure{codes.Unauthenticated, "service.auth.error", "An authentication exception occurred. Provide a valid access token."}
	HeadersInvalid       = Failure{codes.Unauthenticated, "service.auth.headers.invalid", "A required authentication header is missing or blank."}
	TooManyRequests      = Failure{codes.ResourceExhausted, "service.protection.triggered", "Too many requests."}
	TooManyClients       = Failure{codes.ResourceExhausted, "concurrent.client.limit.exceeded", "The maximum number of concurrent clients is exceeded."}
	NotLicensed          = Failure{codes.PermissionDenied, "service.tenant.license", "The organization has no licence for this service."}
	TopicNotFound        = Failure{codes.NotFound, "topic.not.found", "The topic was not found."}
	TopicNotPermitted    = Failure{codes.PermissionDenied, "topic.meta.permission", "The user cannot access the topic."}
	CannotSubscribe      = Failure{codes.PermissionDenied, "subscription.topic.cannot.subscribe", "The user cannot subscribe to the topic."}
	SchemaNotFound       = Failure{codes.NotFound, "schema.validation.failed", "The schema was not found."}
	SchemaUnavailable    = Failure{codes.Unavailable, "schema.api.unavailable", "The schema is temporarily unavailable."}
	ReplayIDCorrupted    = Failure{codes.InvalidArgument, "subscription.fetch.replayid.corrupted", "The Replay ID validation failed. Ensure that the Replay ID is valid."}
	ReplayIDMissing      = Failure{codes.InvalidArgument, "subscription.fetch.replayid.validation.failed", "A Replay ID is required for the preset CUSTOM."}
	NumRequestedInvalid  = Failure{codes.InvalidArgument, "subscription.fetch.requested.events.invalid", "The number of requested events must be positive."}
	TopicMismatch        = Failure{codes.InvalidArgument, "subscription.fetch.topic.mismatch", "The topic cannot change within a subscription."}
	DeliveryLimit        = Failure{codes.ResourceExhausted, "subscription.limit.exceeded", "The allocation of delivered events is used up."}
	SubscriptionInternal = Failure{codes.Internal, "subscription.internal.error", "An internal error occurred."}
	ConnectionReset      = Failure{codes.Unavailable, "", "RST_STREAM closed stream. HTTP/2 error code: NO_ERROR"}
)

// TrailerCode is the value of the trailer error-code.
func (f Failure) TrailerCode() string { return codePrefix + f.Code }

// end returns the error that ends a call, and the trailer that goes with it.
func (f Failure) end(method string) (metadata.MD, error) {
	if f.Code == "" {
		return nil, status.Error(f.Status, f.Message)
	}
	rpcID := rand.Text()
	trailer := metadata.Pairs("error-code", f.TrailerCode(), "rpc-id", rpcID, "type", method)
	return trailer, status.Error(f.Status, fmt.Sprintf("%s rpcId: %s", f.Message, rpcID))
}

// fail ends a unary call.
func fail(ctx context.Context, failure Failure, method string) error {
	trailer, err := failure.end(method)
	// It fails only outside of a call.
	_ = grpc.SetTrailer(ctx, trailer)
	return err
}

// failStream ends a stream.
func failStream(stream grpc.ServerStream, failure Failure) error {
	trailer, err := failure.end("Subscribe")
	stream.SetTrailer(trailer)
	return err
}
