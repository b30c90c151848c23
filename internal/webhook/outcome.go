// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import "net/http"

// Outcome is how a request ended.
type Outcome int

// The outcomes.
const (
	// Accepted: the pipeline has taken all activities, now or before.
	Accepted Outcome = iota
	// Unauthorized: the credential is missing or wrong.
	Unauthorized
	// MethodNotAllowed: not a POST.
	MethodNotAllowed
	// UnsupportedMediaType: a content type or encoding that is not understood.
	UnsupportedMediaType
	// TooLarge: the body is larger than max_request_body_size.
	TooLarge
	// Slow: the body did not arrive within the deadline.
	Slow
	// CutOff: the connection ended before the body did. It may arrive whole next time.
	CutOff
	// Malformed: the request can never be understood.
	Malformed
	// NotRunning: the receiver has not started yet, or has stopped.
	NotRunning
	// DiskFull: less than min_free_disk is left.
	DiskFull
	// Overload: too much is waiting already.
	Overload
	// Unavailable: the pipeline did not take it now, but may later.
	Unavailable
	// Refused: the pipeline will never take it.
	Refused
)

// String is the outcome's value of the attribute reason.
func (o Outcome) String() string {
	switch o {
	case Accepted:
		return "accepted"
	case Unauthorized:
		return "unauthorized"
	case MethodNotAllowed:
		return "method"
	case UnsupportedMediaType:
		return "media_type"
	case TooLarge:
		return "too_large"
	case Slow:
		return "slow"
	case CutOff:
		return "cut_off"
	case Malformed:
		return "malformed"
	case NotRunning:
		return "not_running"
	case DiskFull:
		return "disk"
	case Overload:
		return "overload"
	case Refused:
		return "refused"
	default:
		return "unavailable"
	}
}

// DefaultReply gives the status code that HTTP has for an outcome. Sources start
// from it and change what their vendor wants otherwise.
func DefaultReply(outcome Outcome) int {
	switch outcome {
	case Accepted:
		return http.StatusOK
	case Unauthorized:
		return http.StatusUnauthorized
	case MethodNotAllowed:
		return http.StatusMethodNotAllowed
	case UnsupportedMediaType:
		return http.StatusUnsupportedMediaType
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case Slow:
		return http.StatusRequestTimeout
	case CutOff, Malformed, Refused:
		return http.StatusBadRequest
	default:
		return http.StatusServiceUnavailable
	}
}
