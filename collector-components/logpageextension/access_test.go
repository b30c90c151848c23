// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension

import (
	"net/http"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/basicauthextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/bearertokenauthextension"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/metadatatest"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"
)

func withAuth(id component.ID) option {
	return func(c *Config) {
		c.ServerConfig.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: id}})
	}
}

func behind(proxies ...string) option {
	return func(c *Config) {
		c.ProxyAuth = configoptional.Some(ProxyAuthConfig{Header: "X-Forwarded-User", TrustedProxies: proxies})
	}
}

// basicAuthHost is a collector in which ann has the password secret.
func basicAuthHost(t *testing.T) (h *host, id component.ID) {
	t.Helper()
	factory := basicauthextension.NewFactory()
	cfg := factory.CreateDefaultConfig().(*basicauthextension.Config)
	cfg.Htpasswd = &basicauthextension.HtpasswdSettings{Inline: "ann:secret"}
	auth, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, auth.Start(t.Context(), componenttest.NewNopHost()))
	id = component.NewIDWithName(factory.Type(), "people")
	return &host{extensions: map[component.ID]component.Component{id: auth}}, id
}

func TestABrowserIsAskedForAPassword(t *testing.T) {
	h, id := basicAuthHost(t)
	url := started(t, h, withAuth(id))
	for name, headers := range map[string][]string{
		"none":      nil,
		"wrong":     {"Authorization", "Basic YW5uOndyb25n"},
		"no scheme": {"Authorization", "YW5uOnNlY3JldA=="},
		"bearer":    {"Authorization", "Bearer secret"},
		"broken":    {"Authorization", "Basic %%%"},
	} {
		for _, path := range []string{"/", described, "/assets/none.css"} {
			answer := get(t, url+path, headers...)
			assert.Equal(t, http.StatusUnauthorized, answer.status, name)
			assert.Equal(t, `Basic realm="Integration log", charset="UTF-8"`, answer.header.Get("WWW-Authenticate"), name)
			assert.NotEmpty(t, answer.header.Get("Content-Security-Policy"), name)
			assert.Equal(t, "no-store", answer.header.Get("Cache-Control"), name)
		}
	}
	assert.Equal(t, http.StatusOK, get(t, url+described, "Authorization", "Basic YW5uOnNlY3JldA==").status)
	assert.Equal(t, problem.ContentType, get(t, url+described).header.Get("Content-Type"), "programs get what they can read")
}

func TestAProgramIsAskedForAToken(t *testing.T) {
	factory := bearertokenauthextension.NewFactory()
	cfg := factory.CreateDefaultConfig().(*bearertokenauthextension.Config)
	cfg.BearerToken = "token"
	auth, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, auth.Start(t.Context(), componenttest.NewNopHost()))
	defer func() { require.NoError(t, auth.Shutdown(t.Context())) }()
	id := component.NewID(factory.Type())
	url := started(t, &host{extensions: map[component.ID]component.Component{id: auth}}, withAuth(id))
	answer := get(t, url+described)
	assert.Equal(t, http.StatusUnauthorized, answer.status)
	assert.Equal(t, "Bearer", answer.header.Get("WWW-Authenticate"), "a browser must not ask for a password that does not help")
	assert.Equal(t, http.StatusOK, get(t, url+described, "Authorization", "Bearer token").status)
}

func TestTheProxySaysWhoReads(t *testing.T) {
	url := started(t, &host{}, behind("127.0.0.1"))
	assert.Equal(t, http.StatusOK, get(t, url+described, "X-Forwarded-User", "ann").status)
	assert.Equal(t, http.StatusForbidden, get(t, url+described).status)
	assert.Equal(t, http.StatusForbidden, get(t, url+described, "X-Forwarded-User", "eve", "X-Forwarded-User", "ann").status)
	assert.Equal(t, http.StatusForbidden, get(t, url+"/", "X-Forwarded-User", "").status)

	url = started(t, &host{}, behind("192.0.2.0/24"))
	answer := get(t, url+"/", "X-Forwarded-User", "ann", "X-Forwarded-For", "192.0.2.7", "Forwarded", "for=192.0.2.7")
	assert.Equal(t, http.StatusForbidden, answer.status, "what somebody writes makes no proxy of him")
	assert.Contains(t, answer.body, "proxy_auth::trusted_proxies")
}

func TestProxyAndPasswordTogether(t *testing.T) {
	h, id := basicAuthHost(t)
	url := started(t, h, withAuth(id), behind("127.0.0.1"))
	assert.Equal(t, http.StatusForbidden, get(t, url+described, "Authorization", "Basic YW5uOnNlY3JldA==").status)
	assert.Equal(t, http.StatusUnauthorized, get(t, url+described, "X-Forwarded-User", "ann").status)
	assert.Equal(t, http.StatusOK, get(t, url+described, "X-Forwarded-User", "ann", "Authorization", "Basic YW5uOnNlY3JldA==").status)
}

func TestNamesThatTheLogIsServedUnder(t *testing.T) {
	here := started(t, &host{})
	assert.Equal(t, http.StatusMisdirectedRequest, get(t, here+described, "Host", "evil.example").status)
	assert.Equal(t, http.StatusOK, get(t, here+described, "Host", "localhost:8080").status)
	named := started(t, &host{}, func(c *Config) { c.AllowedHosts = []string{"log.example.com"} })
	assert.Equal(t, http.StatusOK, get(t, named+described, "Host", "log.example.com").status)
	assert.Equal(t, http.StatusMisdirectedRequest, get(t, named+described, "Host", "evil.example").status)
}

func TestRefusalsAreCounted(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	set := metadatatest.NewSettings(telemetry)
	l := newPage(t, set)
	require.NoError(t, l.Start(t.Context(), &host{}))
	url := "http://" + l.config.ServerConfig.NetAddr.Endpoint
	get(t, url+"/", "Host", "evil.example")
	get(t, url+described, "Host", "evil.example")
	get(t, url+"/", "Sec-Fetch-Site", "cross-site")
	require.NoError(t, l.Shutdown(t.Context()))
	metadatatest.AssertEqualLogPageRefusedRequests(t, telemetry, points(map[string]int64{"host": 2, "origin": 1}), metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	require.NoError(t, telemetry.Shutdown(t.Context()))
	assert.Equal(t, metadata.Type, NewFactory().Type())
}
