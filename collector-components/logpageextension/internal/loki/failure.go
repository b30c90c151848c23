// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// maxReason is how much of Loki's own words an error carries, in bytes.
const maxReason = 300

// answerError is an answer other than 200.
type answerError struct {
	status int
	// reason is what Loki said; empty if it was not Loki who said it.
	reason string
}

func (e *answerError) Error() string {
	message := fmt.Sprintf("Loki answered %d %s", e.status, http.StatusText(e.status))
	if e.reason != "" {
		message += ": " + e.reason
	}
	return message
}

// failed makes an error of a request without an answer. It does not name the address,
// which may hold credentials.
func failed(ctx context.Context, err error) error {
	if cause := ctx.Err(); errors.Is(cause, context.Canceled) {
		return cause
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		err = request.Err
	}
	var network net.Error
	if ctx.Err() != nil || errors.As(err, &network) && network.Timeout() {
		return &activities.UnavailableError{Reason: activities.TooSlow, Err: fmt.Errorf("Loki did not answer in time: %w", err)} //nolint:staticcheck // Loki is a name
	}
	return &activities.UnavailableError{Reason: activities.Unreachable, Err: err}
}

// refused makes an error of an answer that is of no use.
func refused(err error) error {
	return &activities.UnavailableError{Reason: activities.Refused, Err: err}
}

// refusal makes an error of an answer other than 200.
func refusal(ctx context.Context, resp *http.Response) error {
	answered := &answerError{status: resp.StatusCode, reason: reason(resp)}
	if strings.Contains(answered.reason, "message larger than max") {
		return errTooLarge // gRPC's words between Loki's own parts
	}
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return err
	}
	const clientClosedRequest = 499 // nginx's number, which Loki gives a query that was cancelled
	kind := activities.Refused
	switch answered.status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusGatewayTimeout, clientClosedRequest:
		kind = activities.TooSlow
	case http.StatusInternalServerError:
		if strings.Contains(answered.reason, "deadline exceeded") || strings.Contains(answered.reason, "timeout") {
			kind = activities.TooSlow
		}
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		kind = activities.Unreachable
	}
	return &activities.UnavailableError{Reason: kind, Err: answered}
}

// reason is what Loki gives as the reason of an error: plain text, or JSON from gateways.
// The page of a proxy says nothing that would help here.
func reason(resp *http.Response) string {
	const enough = 8 << 10
	body, err := io.ReadAll(io.LimitReader(resp.Body, enough))
	if err != nil {
		return ""
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	var words string
	switch kind {
	case "text/plain":
		words = string(body)
	case "application/json":
		var problem struct {
			Message string `json:"message"`
			Error   string `json:"error"`
		}
		if json.Unmarshal(body, &problem) == nil {
			words = problem.Message + problem.Error
		}
	}
	return lokiapi.Excerpt(words, resp, maxReason)
}
