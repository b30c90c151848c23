// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

// Whatever is sent gets an answer, and nothing that is not signed gets in.
func FuzzHandler(f *testing.F) {
	f.Add("POST", "application/json", "", "", true, false, []byte(`{"activities":[{"id":"1"}]}`))
	f.Add("POST", "application/json", "gzip", "", true, true, []byte(`{"activities":[{"id":"1"},{"id":"1"}]}`))
	f.Add("POST", "application/json", "gzip", "", true, false, []byte(`{"activities":[{"id":"1"}]}`))
	f.Add("POST", "application/json", "deflate", "", true, false, []byte("\x78\x9c"))
	f.Add("POST", "text/plain; x", "br", "x", false, false, []byte("{"))
	f.Add("GET", "", "identity", "====", false, false, []byte(nil))
	f.Add("POST", "application/json", "", "", true, false, []byte("{\"activities\":[{\"id\":\"\xff\xfe\"}]}"))
	f.Add("POST", "application/json", "", "", true, false, bytes.Repeat([]byte("["), 900))
	f.Add("POST", "application/json", "gzip", "", true, true, bytes.Repeat([]byte(" "), 5_000))

	const limit = 1_000
	stored := &sink{}
	config := NewDefaultConfig("/fake")
	config.ServerConfig.MaxRequestBodySize = limit
	source := &fakeSource{verifier: NewHMACVerifier([]configopaque.String{testSecret}), reply: DefaultReply}
	created, err := NewReceiver(receivertest.NewNopSettings(testType), &config, testScope, source, stored)
	require.NoError(f, err)
	f.Cleanup(func() { assert.NoError(f, created.Shutdown(context.Background())) })
	handler := created.(*webhookReceiver).route
	handler.setRunning(true)

	f.Fuzz(func(t *testing.T, method, contentType, encoding, given string, signed, zip bool, content []byte) {
		body := content
		if zip {
			body = gzipped(t, content)
		}
		request, err := http.NewRequestWithContext(t.Context(), method, "http://localhost/fake", bytes.NewReader(body))
		if err != nil {
			return // net/http does not let it in either
		}
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Content-Encoding", encoding)
		request.Header.Set(signature, given)
		right := sign(testSecret, string(content))
		if signed {
			request.Header.Set(signature, right)
		}
		recorder := httptest.NewRecorder()
		begin := time.Now()
		handler.ServeHTTP(recorder, request)
		assert.Less(t, time.Since(begin), 10*time.Second)

		code := recorder.Code
		assert.Contains(t, []int{200, 400, 401, 405, 413, 415}, code)
		if code == http.StatusOK {
			assert.Equal(t, right, Header(request.Header, signature))
			assert.Equal(t, http.MethodPost, request.Method)
			assert.True(t, json.Valid(content) && len(content) <= limit)
		}
		if signed && method == http.MethodPost && encoding == "" && !zip && isJSON(request.Header) && len(content) <= limit && json.Unmarshal(content, &message{}) == nil {
			assert.Equal(t, http.StatusOK, code)
		}
		assert.True(t, handler.bodies.TryAcquire(bodiesAtOnce), "memory of a body is not released")
		handler.bodies.Release(bodiesAtOnce)
	})
}
