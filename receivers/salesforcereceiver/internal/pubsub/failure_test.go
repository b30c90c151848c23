// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func TestKinds(t *testing.T) {
	tests := []struct {
		code   string
		status codes.Code
		want   Kind
		reason string
	}{
		{"service.unavailable", codes.Internal, Transient, "remote"},
		{"service.unavailable", codes.Unavailable, Transient, "connection"},
		{"topic.api.unavailable", codes.Internal, Transient, "remote"},
		{"subscription.internal.error", codes.Internal, Transient, "remote"},
		{"service.auth.error", codes.Unauthenticated, Authentication, "authorization"},
		{"service.auth.headers.invalid", codes.Unauthenticated, Authentication, "authorization"},
		{"service.protection.stream.limit.triggered", codes.ResourceExhausted, Throttled, "rate_limit"},
		{"concurrent.client.limit.exceeded", codes.ResourceExhausted, Throttled, "rate_limit"},
		{"subscription.limit.exceeded", codes.FailedPrecondition, Throttled, "rate_limit"},
		{"service.tenant.license", codes.Internal, Refused, "authorization"},
		{"topic.not.found", codes.NotFound, Refused, "authorization"},
		{"schema.meta.permission", codes.PermissionDenied, Refused, "authorization"},
		{"subscription.topic.cannot.subscribe", codes.InvalidArgument, Refused, "authorization"},
		{"subscription.fetch.replayid.corrupted", codes.InvalidArgument, ReplayLost, "remote"},
		{"subscription.fetch.replayid.validation.failed", codes.InvalidArgument, ReplayLost, "remote"},
		{"subscription.fetch.replay.repeated", codes.InvalidArgument, Transient, "remote"},
		{"subscription.fetch.overflow", codes.InvalidArgument, Transient, "remote"},
		// What is not known is judged by its status. Not every invalid argument is a lost
		// replay id.
		{"a.new.code", codes.InvalidArgument, Transient, "remote"},
		{"a.new.code", codes.PermissionDenied, Refused, "authorization"},
		{"", codes.InvalidArgument, Transient, "remote"},
		{"", codes.Unauthenticated, Authentication, "authorization"},
		{"", codes.ResourceExhausted, Throttled, "rate_limit"},
		{"", codes.Unimplemented, Refused, "authorization"},
		{"", codes.Unavailable, Transient, "connection"},
		{"", codes.DeadlineExceeded, Transient, "timeout"},
		{"", codes.Canceled, Transient, "remote"},
	}
	for _, test := range tests {
		trailer := metadata.MD{}
		if test.code != "" {
			trailer = metadata.Pairs("error-code", codePrefix+test.code)
		}
		f := newError(status.Error(test.status, "text"), trailer)
		require.Equal(t, test.want, f.Kind, "%s %s", test.code, test.status)
		require.Equal(t, test.reason, f.Reason(), "%s %s", test.code, test.status)
	}
}

func TestFailureTells(t *testing.T) {
	trailer := metadata.Pairs("error-code", codePrefix+"subscription.topic.cannot.subscribe", "rpc-id", "ab-1")
	f := newError(status.Error(codes.PermissionDenied, "You may not."), trailer)
	require.EqualError(t, f, "subscription.topic.cannot.subscribe: You may not. (rpcId: ab-1); the user of the connection needs View All Records on the object, or View All Data")
	f = newError(status.Error(codes.Internal, "No.\n rpcId: ab-1"), metadata.Pairs("error-code", codePrefix+"service.unavailable", "rpc-id", "ab-1"))
	require.EqualError(t, f, "service.unavailable: No. rpcId: ab-1")
	require.EqualError(t, newError(errors.New("broken"), nil), "Unknown: broken")
	require.LessOrEqual(t, len(newError(errors.New(strings.Repeat("ü", 4096)), metadata.Pairs("error-code", strings.Repeat("x", 4096))).Error()), 2*maxText+2)

	cause := &waiting{}
	f = &Error{Kind: Authentication, cause: cause}
	require.EqualError(t, f, "no token")
	var asking interface{ Delay() time.Duration }
	require.ErrorAs(t, f, &asking, "how long the token endpoint asks to wait")
}

type waiting struct{}

func (*waiting) Error() string        { return "no token" }
func (*waiting) Delay() time.Duration { return time.Minute }
