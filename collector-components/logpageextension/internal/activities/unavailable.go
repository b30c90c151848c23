// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activities // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"

import "net/http"

// Reason is why the store cannot be read.
type Reason string

// The reasons; the page has a sentence for each.
const (
	Unreachable Reason = "unreachable"
	TooSlow     Reason = "too_slow"
	Refused     Reason = "refused"
)

// HTTPStatus is that of an answer for which the store could not be read.
func (r Reason) HTTPStatus() int {
	switch r {
	case TooSlow:
		return http.StatusGatewayTimeout
	case Refused:
		return http.StatusBadGateway
	default:
		return http.StatusServiceUnavailable
	}
}

// UnavailableError is the error of a store that cannot be read now.
type UnavailableError struct {
	Reason Reason
	Err    error
}

func (e *UnavailableError) Error() string {
	return "reading the log: " + string(e.Reason) + ": " + e.Err.Error()
}

func (e *UnavailableError) Unwrap() error { return e.Err }
