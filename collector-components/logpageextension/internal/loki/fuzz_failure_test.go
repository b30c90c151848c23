// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// Whatever is answered in place of entries, what the page says of it is one short line without
// the credential that was sent.
func FuzzRefusal(f *testing.F) {
	const credential = "Bearer t0k3n-of-the-reader"
	f.Add(500, "text/plain; charset=utf-8", []byte("rpc error: context deadline exceeded"))
	f.Add(401, "application/json", []byte(`{"message":"Bearer t0k3n-of-the-reader is not known","error":"x"}`))
	f.Add(502, "text/html", []byte("<html>Authorization: "+credential))
	f.Add(400, "text/plain", []byte("parse error\nat line 1\x00\xff, with "+credential))
	f.Add(403, "text/plain", []byte("t0k3n-of\u200b-the-reader"))
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/loki/api/v1/query_range", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", credential)
		text := refusal(t.Context(), &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(bytes.NewReader(body)), Request: request,
		}).Error()
		assert.NotContains(t, text, "t0k3n-of-the-reader")
		assert.Less(t, len(text), 2*maxReason)
		assert.True(t, utf8.ValidString(text))
		assert.Equal(t, -1, strings.IndexFunc(text, unicode.IsControl), "%q", text)
	})
}
