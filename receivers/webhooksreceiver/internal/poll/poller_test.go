// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package poll

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/progress"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

// How the poller works is tested at the receiver, with all that belongs to it.

func TestWhoseErrorItIs(t *testing.T) {
	status := func(code int) error { return fmt.Errorf("wrapped: %w", &apiclient.StatusError{Code: code}) }
	for code, want := range map[int]struct{ closed, own bool }{
		http.StatusUnauthorized:        {false, false},
		http.StatusForbidden:           {true, true},
		http.StatusNotFound:            {true, true},
		http.StatusTooManyRequests:     {false, false},
		http.StatusBadRequest:          {false, true},
		http.StatusInternalServerError: {false, true},
	} {
		assert.Equal(t, want.closed, isClosed(status(code)), code)
		assert.Equal(t, want.own, isOwn(status(code)), code)
	}
	assert.False(t, isOwn(errors.New("no connection")))
	assert.False(t, isOwn(&zendesk.PausedError{}))
	assert.True(t, isOwn(zendesk.ErrCursorLoop))
}

func TestExplain(t *testing.T) {
	for code, want := range map[int]string{401: "OAuth client", 403: "webhooks:read", 404: "check endpoint", 307: "redirects are not followed"} {
		status := &apiclient.StatusError{Code: code}
		require.ErrorContains(t, Explain(status), want)
		require.ErrorIs(t, Explain(status), status)
	}
	for refusal, want := range map[oauth.Error]string{
		{StatusCode: 401, Code: "invalid_client"}:         "check client_id",
		{StatusCode: 400, Code: "invalid_scope"}:          "scope webhooks:read",
		{StatusCode: 400, Code: "unsupported_grant_type"}: "confidential",
		{StatusCode: 401}: "check client_id",
		{StatusCode: 404}: "no such account",
		{StatusCode: 302}: "redirects are not followed",
	} {
		require.ErrorContains(t, Explain(&refusal), want)
		require.ErrorIs(t, Explain(&refusal), &refusal)
	}
	for _, err := range []error{errors.New("x"), &apiclient.StatusError{Code: 500}, &oauth.Error{StatusCode: 503}} {
		assert.Equal(t, err, Explain(err))
	}
}

// Rows of the second with which a page ends wait for the next page, so that all of one
// second are handed over in one order.
func TestNext(t *testing.T) {
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	row := func(id string, after time.Duration) zendesk.Invocation {
		return zendesk.Invocation{ID: id, Status: "success", Time: noon.Add(after)}
	}
	w := &walk{progress: progress.New(noon, time.Minute), from: noon}
	a, b, c, d := row("a", 0), row("b", time.Second), row("c", time.Second), row("d", 2*time.Second)
	assert.Equal(t, []zendesk.Invocation{a}, w.next([]zendesk.Invocation{row("old", -time.Second), a, c}, false))
	assert.Equal(t, []zendesk.Invocation{b, c}, w.next([]zendesk.Invocation{b, c, d}, false), "c has moved to the second page too")
	assert.Empty(t, w.next(nil, false), "an empty page lets nothing go")
	assert.Equal(t, []zendesk.Invocation{d}, w.next(nil, true))
}
