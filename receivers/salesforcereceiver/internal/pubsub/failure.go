// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"

import (
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/sentence"
)

// Kind is what can be done about a failure.
type Kind int

const (
	// Transient failures pass by themselves.
	Transient Kind = iota
	// Authentication failed: another token may help.
	Authentication
	// Throttled calls came too often, or were too many: only time helps.
	Throttled
	// Refused calls stay refused until somebody changes something at Salesforce.
	Refused
	// ReplayLost means that Salesforce cannot go on after the event that was named: it
	// knows it no more, or never has.
	ReplayLost
)

// maxText bounds what a failure tells of the vendor's own words.
const maxText = 512

// Error is a call that failed.
type Error struct {
	Kind Kind
	// Code is Salesforce's, without what all its codes begin with; it is empty for
	// failures of the transport.
	Code string
	// Status is that of gRPC.
	Status codes.Code
	// RPCID is what Salesforce's support asks for.
	RPCID string
	// text is the vendor's message.
	text string
	// cause is what failed before anything was sent.
	cause error
}

// Error tells what happened and, where somebody has to do something, what.
func (f *Error) Error() string {
	if f.cause != nil {
		return f.cause.Error()
	}
	text := f.Code
	if text == "" {
		text = f.Status.String()
	}
	if f.text != "" {
		text += ": " + f.text
	}
	if f.RPCID != "" && !strings.Contains(f.text, f.RPCID) {
		text += " (rpcId: " + f.RPCID + ")"
	}
	if advice := known[f.Code].advice; advice != "" {
		text += "; " + advice
	}
	return text
}

// Unwrap returns what failed before anything was sent.
func (f *Error) Unwrap() error { return f.cause }

// Reason is a word for a metric.
func (f *Error) Reason() string {
	switch f.Kind {
	case Authentication, Refused:
		return "authorization"
	case Throttled:
		return "rate_limit"
	case Transient, ReplayLost:
	}
	switch f.Status {
	case codes.Unavailable:
		return "connection"
	case codes.DeadlineExceeded:
		return "timeout"
	default:
		return "remote"
	}
}

// IsMissing tells whether what was asked for does not exist.
func (f *Error) IsMissing() bool {
	return f.Status == codes.NotFound || f.Code == "schema.validation.failed"
}

// codePrefix is what all codes begin with.
const codePrefix = "sfdc.platform.eventbus.grpc."

// The trailers of a failed call.
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/guide/handling-errors.html
const (
	codeTrailer  = "error-code"
	rpcIDTrailer = "rpc-id"
)

// newError reads the outcome of a call.
func newError(err error, trailer metadata.MD) *Error {
	s := status.Convert(err)
	f := &Error{
		Status: s.Code(),
		Code:   printable(strings.TrimPrefix(first(trailer, codeTrailer), codePrefix)),
		RPCID:  printable(first(trailer, rpcIDTrailer)),
		text:   printable(s.Message()),
	}
	if what, ok := known[f.Code]; ok {
		f.Kind = what.kind
	} else {
		f.Kind = kindOf(f.Status)
	}
	return f
}

// kindOf judges a failure without a code that is known. An invalid argument is no lost
// replay id unless Salesforce says so.
func kindOf(code codes.Code) Kind {
	switch code {
	case codes.Unauthenticated:
		return Authentication
	case codes.ResourceExhausted:
		return Throttled
	case codes.PermissionDenied, codes.NotFound, codes.Unimplemented:
		return Refused
	default:
		return Transient
	}
}

func first(trailer metadata.MD, key string) string {
	if values := trailer.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

func printable(text string) string {
	return activity.Truncate(sentence.OneLine(strings.ToValidUTF8(text, "\uFFFD")), maxText)
}
