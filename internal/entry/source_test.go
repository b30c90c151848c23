// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook"
)

func TestVerify(t *testing.T) {
	const authorization, key = "Authorization", "X-Api-Key"
	basic := func(text string) []string {
		return []string{"Basic " + base64.StdEncoding.EncodeToString([]byte(text))}
	}
	tests := map[string]struct {
		header http.Header
		want   bool
	}{
		"bearer":                 {http.Header{authorization: {"Bearer the-secret"}}, true},
		"bearer, the older":      {http.Header{authorization: {"bearer  an-older-secret "}}, true},
		"basic":                  {http.Header{authorization: basic("anybody:the-secret")}, true},
		"basic, nobody":          {http.Header{authorization: basic(":the-secret")}, true},
		"API key":                {http.Header{key: {"the-secret"}}, true},
		"API key, space around":  {http.Header{key: {" the-secret "}}, true},
		"both, one right":        {http.Header{authorization: {"Bearer x"}, key: {"an-older-secret"}}, true},
		"nothing":                {http.Header{}, false},
		"empty":                  {http.Header{authorization: {""}, key: {""}}, false},
		"bearer of nothing":      {http.Header{authorization: {"Bearer"}}, false},
		"bearer, wrong":          {http.Header{authorization: {"Bearer the-secreT"}}, false},
		"bearer, part":           {http.Header{authorization: {"Bearer the-secre"}}, false},
		"bearer, all secrets":    {http.Header{authorization: {"Bearer the-secret, an-older-secret"}}, false},
		"bearer, twice":          {http.Header{authorization: {"Bearer the-secret", "Bearer the-secret"}}, false},
		"basic, as the user":     {http.Header{authorization: basic("the-secret:")}, false},
		"basic, without a colon": {http.Header{authorization: basic("the-secret")}, false},
		"basic, not base64":      {http.Header{authorization: {"Basic :the-secret"}}, false},
		"other scheme":           {http.Header{authorization: {"Digest the-secret"}}, false},
		"no scheme":              {http.Header{authorization: {"the-secret"}}, false},
		"API key, wrong":         {http.Header{key: {"another"}}, false},
		"API key, twice":         {http.Header{key: {"the-secret", "the-secret"}}, false},
		"another header":         {http.Header{"X-Auth": {"the-secret"}}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, testSource().Verify(test.header, nil))
		})
	}
	t.Run("header of another name", func(t *testing.T) {
		s := testSource(func(c *Config) { c.APIKeyHeader = "x-log-key" })
		require.True(t, s.Verify(http.Header{"X-Log-Key": {"the-secret"}}, nil))
		require.False(t, s.Verify(http.Header{key: {"the-secret"}}, nil))
	})
	t.Run("no secret lets nobody in", func(t *testing.T) {
		s := testSource(func(c *Config) { c.Secrets = " , " })
		require.False(t, s.Verify(http.Header{}, nil))
		require.False(t, s.Verify(http.Header{authorization: {"Bearer "}, key: {""}}, nil))
	})
}

// TestParseLeavesTheBody: the intake owns it, and takes it back.
func TestParseLeavesTheBody(t *testing.T) {
	body := []byte(`{"message":" m ", "timestamp": "2026-11-26T09:30:00Z"}`)
	before := string(body)
	delivery, err := testSource(func(c *Config) { c.IncludePayload = true }).Parse(nil, body, received)
	require.NoError(t, err)
	require.Equal(t, before, string(body))
	for i := range body {
		body[i] = 'x'
	}
	require.Equal(t, before, delivery.Activities[0].Payload)
	require.Equal(t, "m", delivery.Activities[0].Description)
	require.NotContains(t, delivery.Activities[0].ID, "xxx")
	require.True(t, strings.HasPrefix(delivery.Activities[0].ID, "//sha256-"))
}

// TestReply: nothing transient is answered with what a sender takes for final.
func TestReply(t *testing.T) {
	for outcome := webhook.Accepted; outcome <= webhook.Refused; outcome++ {
		require.Equal(t, webhook.DefaultReply(outcome), testSource().Reply(outcome), outcome)
	}
}
