// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func do(t *testing.T, s *Server, authorization, target, body string) (int, string) {
	t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(t.Context(), method, "https://acme.zendesk.com"+target, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", authorization)
	response, err := s.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(content)
}

func TestServer(t *testing.T) {
	s := &Server{Webhooks: []json.RawMessage{[]byte(`{"id":"W1"}`)}, Attempts: map[string]json.RawMessage{"W1/I1": []byte("[]")}, PageSize: 1}
	s.Add("W1", Row{ID: "I2", Status: "success", CompletedAt: "2026-11-26T12:00:01Z"}, Row{ID: "I1", Status: "failed", CompletedAt: "2026-11-26T12:00:00Z"})

	code, _ := do(t, s, "", "/api/v2/webhooks", "")
	assert.Equal(t, http.StatusUnauthorized, code)
	code, _ = do(t, s, "", "/oauth/tokens", `{"grant_type":"client_credentials","client_id":"x"}`)
	assert.Equal(t, http.StatusUnauthorized, code)
	code, body := do(t, s, "", "/oauth/tokens", `{"grant_type":"client_credentials","client_id":"`+ClientID+`","client_secret":"`+ClientSecret+`"}`)
	assert.Equal(t, http.StatusOK, code)
	assert.Contains(t, body, "canary-token-1")

	const token = "Bearer canary-token-1"
	code, body = do(t, s, token, "/api/v2/webhooks/W1/invocations?sort=latest_completed_at&"+url.QueryEscape("filter[from_ts]")+"=2026-11-26T12:00:00Z", "")
	assert.Equal(t, http.StatusOK, code)
	assert.Contains(t, body, "I1")
	assert.NotContains(t, body, "I2", "of the next page")
	code, _ = do(t, s, token, "/api/v2/webhooks/W1/invocations/I1/attempts", "")
	assert.Equal(t, http.StatusOK, code)
	code, _ = do(t, s, token, "/api/v2/webhooks/W1/invocations/I2/attempts", "")
	assert.Equal(t, http.StatusNotFound, code)
	s.Revoke()
	code, _ = do(t, s, token, "/api/v2/webhooks", "")
	assert.Equal(t, http.StatusUnauthorized, code)
}
