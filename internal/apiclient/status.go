// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apiclient // import "github.com/integrationlog/integrationlog/internal/apiclient"

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/internal/retryafter"
)

// maxErrorBody bounds what is read of an answer that is an error.
const maxErrorBody = 8 << 10

// StatusError is an answer other than 2xx.
type StatusError struct {
	// Code is the answer's.
	Code int
	// RetryAfter is how long the API asks to be left alone; at most an hour.
	RetryAfter time.Duration
	// Header is the answer's; limits are often told there.
	Header http.Header
	// Body is the beginning of the answer's body. It is there to tell what the vendor
	// means, and may hold anything: it must not be logged as a whole.
	Body []byte

	method, path string
}

func newStatusError(request Request, response *http.Response) *StatusError {
	defer response.Body.Close()
	// what could be read is enough, and the code is what counts
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	e := &StatusError{
		Code:       response.StatusCode,
		RetryAfter: retryafter.Of(response.Header, time.Now()),
		Header:     response.Header,
		Body:       body,
		method:     response.Request.Method,
	}
	if target, err := url.Parse(request.Path); err == nil {
		e.path = target.EscapedPath() // a query may hold what nobody should read
	}
	return e
}

// Error tells what was answered to what, without the body.
func (e *StatusError) Error() string {
	text := e.method + " " + e.path + ": " + strconv.Itoa(e.Code)
	if name := http.StatusText(e.Code); name != "" {
		text += " " + name
	}
	return text
}

// Delay is how long the API asks to be left alone.
func (e *StatusError) Delay() time.Duration { return e.RetryAfter }

// Reason is a word for a metric.
func (e *StatusError) Reason() string {
	switch {
	case e.Code == http.StatusUnauthorized, e.Code == http.StatusForbidden:
		return "authorization"
	case e.Code == http.StatusTooManyRequests:
		return "rate_limit"
	case e.Code >= 500:
		return "remote"
	default:
		return "request"
	}
}
