// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth // import "github.com/integrationlog/integrationlog/internal/oauth"

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/retryafter"
	"github.com/integrationlog/integrationlog/internal/sentence"
)

// maxErrorText bounds what an error tells of the vendor's own words.
const maxErrorText = 300

// Error is the refusal of a token endpoint.
type Error struct {
	// StatusCode is that of the answer.
	StatusCode int
	// Code and Description are the error and error_description of the answer.
	// Source: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
	Code        string
	Description string
	// RetryAfter is how long not to ask again.
	RetryAfter time.Duration
}

// Error tells what the vendor said, without any secret.
func (e *Error) Error() string {
	text := "no token: the token endpoint answered " + strconv.Itoa(e.StatusCode)
	if name := http.StatusText(e.StatusCode); name != "" {
		text += " " + name
	}
	if e.Code != "" {
		text += ": " + e.Code
	}
	if e.Description != "" {
		text += " (" + e.Description + ")"
	}
	return text
}

// Delay is how long not to ask again.
func (e *Error) Delay() time.Duration { return e.RetryAfter }

// Reason is a word for a metric.
func (e *Error) Reason() string {
	switch {
	case e.StatusCode == http.StatusTooManyRequests:
		return "rate_limit"
	case e.permanent():
		return "authorization"
	default:
		return "remote"
	}
}

// permanent tells whether asking again with the same credentials is useless.
func (e *Error) permanent() bool {
	switch e.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	default:
		return e.StatusCode < 500
	}
}

// explain turns an error of the library, which may quote the whole answer, into one that
// quotes two bounded fields. secrets are taken out of them: a vendor might repeat what
// it was sent.
func explain(err error, now time.Time, secrets ...string) error {
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) {
		return noToken(err)
	}
	e := &Error{
		StatusCode: refusal.Response.StatusCode,
		RetryAfter: retryafter.Of(refusal.Response.Header, now),
	}
	var fields struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(refusal.Body, &fields) == nil {
		e.Code = clean(fields.Code, secrets)
		e.Description = clean(fields.Description, secrets)
	}
	return e
}

// connectionError is a token endpoint that could not be reached or understood.
type connectionError struct{ err error }

func (e *connectionError) Error() string { return "no token: " + e.err.Error() }
func (e *connectionError) Unwrap() error { return e.err }

func noToken(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return &connectionError{err: failed} // it quotes the address, which holds no secret
	}
	return &connectionError{err: errUnreadable}
}

var errUnreadable = errors.New("the token endpoint's answer holds no token that can be read")

// clean returns a text as one line without secrets. They are looked for before and after: the
// text may have something in them that nobody sees, and so may they.
func clean(text string, secrets []string) string {
	text = without(text, secrets)
	seen := make([]string, len(secrets))
	for i, secret := range secrets {
		seen[i] = sentence.OneLine(secret)
	}
	text = without(sentence.OneLine(strings.ToValidUTF8(text, "\uFFFD")), slices.Concat(secrets, seen))
	return activity.Truncate(text, maxErrorText)
}

func without(text string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "****")
		}
	}
	return text
}
