// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package crosssite

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestIsAskedFor(t *testing.T) {
	for name, test := range map[string]struct {
		site, origin string
		want         bool
	}{
		"a program":                        {},
		"a typed address":                  {site: "none"},
		"the page itself":                  {site: "same-origin", origin: "http://localhost:3100"},
		"another site":                     {site: "cross-site", want: true},
		"another port or a subdomain":      {site: "same-site", want: true},
		"a word that is not known":         {site: "elsewhere", want: true},
		"an old browser":                   {origin: "https://evil.example", want: true},
		"an old browser, a sandboxed page": {origin: "null", want: true},
		"an old browser, another port":     {origin: "http://localhost:1", want: true},
		"an old browser, no URL":           {origin: "://", want: true},
		"an old browser, the page itself":  {origin: "http://LOCALHOST:3100"},
	} {
		t.Run(name, func(t *testing.T) {
			request := newRequest("localhost:3100")
			if test.site != "" {
				request.Header.Set("Sec-Fetch-Site", test.site)
			}
			if test.origin != "" {
				request.Header.Set("Origin", test.origin)
			}
			assert.Equal(t, test.want, IsAskedFor(request))
		})
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost:1": true, "localhost.": true, "127.0.0.1:3100": true, "127.9.9.9": true, "[::1]:1": true, "[::1]": true,
		"": false, "evil.example": false, "localhost.evil.example:3100": false, "192.0.2.1": false, "127.0.0.1.evil.example": false, "0.0.0.0": false,
		"localhost@evil.example": false,
	} {
		assert.Equal(t, want, IsLoopback(newRequest(host)), host)
	}
}

func newRequest(host string) *http.Request {
	request := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	request.Host = host
	return request
}
