// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

// Whatever a token endpoint answers, what is said of it is one short line without the secret.
func FuzzExplain(f *testing.F) {
	f.Add(400, "", []byte(`{"error":"invalid_client","error_description":"the secret s3cr3t-of-the-client is wrong"}`))
	f.Add(429, "60", []byte("<html>"))
	f.Add(503, "Fri, 27 Nov 2026 10:00:00 GMT", []byte(`{"error":["s3cr3t-of-the-client"]}`))
	f.Add(302, "-1", []byte(`{"error":"a\nb\u0000","error_description":"\ud800s3cr3t-of-the-client"}`))
	f.Add(400, "", []byte(`{"error":"s3cr3t\u200b-of-the-client","error_description":"s3cr3t-of-\u202ethe-client"}`))
	const secret = "s3cr3t-of-the-client"
	f.Fuzz(func(t *testing.T, status int, retryAfter string, body []byte) {
		err := explain(&oauth2.RetrieveError{
			Response: &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {retryAfter}}}, Body: body,
		}, time.Now(), secret)
		text := err.Error()
		assert.NotContains(t, text, secret)
		assert.Less(t, len(text), 3*maxErrorText)
		assert.True(t, utf8.ValidString(text))
		assert.Equal(t, -1, strings.IndexFunc(text, unicode.IsControl), "%q", text)
		refusal, is := errors.AsType[*Error](err)
		require.True(t, is)
		assert.NotEmpty(t, refusal.Reason())
	})
}
