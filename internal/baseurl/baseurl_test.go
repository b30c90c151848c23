// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package baseurl

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	tests := map[string]string{
		"https://acme.zendesk.com":       "https://acme.zendesk.com",
		"https://acme.zendesk.com/":      "https://acme.zendesk.com",
		"https://ACME.zendesk.com:8443":  "https://acme.zendesk.com:8443",
		"HTTPS://acme.zendesk.com":       "https://acme.zendesk.com",
		"http://localhost:8080":          "http://localhost:8080",
		"http://127.0.0.1:8080":          "http://127.0.0.1:8080",
		"http://127.9.9.9":               "http://127.9.9.9",
		"http://[::1]:8080":              "http://[::1]:8080",
		"http://[::ffff:127.0.0.1]:8080": "http://[::ffff:127.0.0.1]:8080",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			got, err := Parse("endpoint", text)
			require.NoError(t, err)
			assert.Equal(t, want, got.String())
		})
	}
}

func TestParseErrors(t *testing.T) {
	tests := map[string]string{
		"":                              "endpoint: must not be empty",
		"acme.zendesk.com":              "must begin with https:// and a host",
		"acme":                          "must begin with https:// and a host",
		"https://":                      "must begin with https:// and a host",
		"ftp://acme.zendesk.com":        "must begin with https:// and a host",
		"http://acme.zendesk.com":       "in clear",
		"http://localhost.evil.example": "in clear",
		"http://127.0.0.1.evil.example": "in clear",
		"https://acme.zendesk.com/api":  "must have no path",
		"https://acme.zendesk.com?a=b":  "neither query nor fragment",
		"https://acme.zendesk.com#a":    "neither query nor fragment",
		"https://acme.zendesk.com:x":    "is no valid URL",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			_, err := Parse("endpoint", text)
			require.ErrorContains(t, err, want)
			require.ErrorContains(t, err, "endpoint: ")
		})
	}
}

func TestPasswordsAreNotQuoted(t *testing.T) {
	for _, text := range []string{"https://me:canary@acme.zendesk.com", "http://me:canary@acme.zendesk.com", "https://me:canary@acme.zendesk.com:x", "ftp://me:canary@a"} {
		_, err := Parse("endpoint", text)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "canary")
	}
}

func TestParseWithPath(t *testing.T) {
	got, err := ParseWithPath("token_url", "https://acme.zendesk.com/oauth/tokens")
	require.NoError(t, err)
	assert.Equal(t, "https://acme.zendesk.com/oauth/tokens", got.String())
	_, err = ParseWithPath("token_url", "http://acme.zendesk.com/oauth/tokens")
	require.ErrorContains(t, err, "token_url: ")
}

func TestSameOrigin(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"https://acme.zendesk.com", "https://acme.zendesk.com/api", true},
		{"https://acme.zendesk.com", "https://acme.zendesk.com:443/api", true},
		{"https://acme.zendesk.com", "https://ACME.Zendesk.com", true},
		{"http://localhost", "http://localhost:80", true},
		{"https://acme.zendesk.com", "http://acme.zendesk.com", false},
		{"https://acme.zendesk.com", "http://acme.zendesk.com:443", false},
		{"https://acme.zendesk.com", "https://acme.zendesk.com:8443", false},
		{"https://acme.zendesk.com", "https://acme.zendesk.com.evil.example", false},
		{"https://acme.zendesk.com", "https://evil.example/acme.zendesk.com", false},
		{"ftp://a", "ftp://a", true},
	}
	for _, test := range tests {
		t.Run(test.b, func(t *testing.T) {
			a, err := url.Parse(test.a)
			require.NoError(t, err)
			b, err := url.Parse(test.b)
			require.NoError(t, err)
			assert.Equal(t, test.want, SameOrigin(a, b))
		})
	}
}
