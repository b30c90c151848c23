// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soql // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/apiclient"
)

const (
	// limitExceeded is the code that comes with 403 when the org's API requests of the
	// last 24 hours are used up. Nothing tells for how long.
	limitExceeded = "REQUEST_LIMIT_EXCEEDED"
	// limitPause is how long Salesforce is left alone then. The limit is that of a moving
	// day, so that hours may pass; whoever else calls the org needs the requests more.
	limitPause = 15 * time.Minute
	maxCode    = 64
)

// Error is an error that Salesforce told the reason of.
type Error struct {
	// Code is Salesforce's, such as INVALID_FIELD.
	Code string
	// message may quote data; it is compared and not shown.
	message string
	status  *apiclient.StatusError
}

// Error tells what was answered, by the code.
func (e *Error) Error() string { return fmt.Sprintf("%s (%s)", e.status, e.Code) }

// Unwrap returns the [*apiclient.StatusError].
func (e *Error) Unwrap() error { return e.status }

// Delay is how long Salesforce is to be left alone.
func (e *Error) Delay() time.Duration {
	if e.Code == limitExceeded {
		return max(e.status.RetryAfter, limitPause)
	}
	return e.status.RetryAfter
}

// Reason is a word for a metric.
func (e *Error) Reason() string {
	if e.Code == limitExceeded {
		return "rate_limit"
	}
	return e.status.Reason()
}

// Mentions tells whether the message names a word.
func (e *Error) Mentions(word string) bool { return strings.Contains(e.message, word) }

// Classify returns the [*Error] that the body of an error tells: an array, of which the
// first counts. It returns any other error as it is.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
func Classify(err error) error {
	var status *apiclient.StatusError
	if !errors.As(err, &status) {
		return err
	}
	var reasons []struct {
		Message   string `json:"message"`
		ErrorCode string `json:"errorCode"`
	}
	if json.Unmarshal(status.Body, &reasons) != nil || len(reasons) == 0 || !isCode(reasons[0].ErrorCode) {
		return err
	}
	return &Error{Code: reasons[0].ErrorCode, message: reasons[0].Message, status: status}
}

// isCode: only what looks like a code is shown.
func isCode(text string) bool {
	if text == "" || len(text) > maxCode {
		return false
	}
	return strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// IsGone tells that what was asked for is not there, and will not be.
func IsGone(err error) bool {
	var status *apiclient.StatusError
	return errors.As(err, &status) && (status.Code == http.StatusNotFound || status.Code == http.StatusGone)
}
