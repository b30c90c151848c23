// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/guard"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"
)

// basicAuth is the type of contrib's extension for user names and passwords.
const basicAuth = "basicauth"

// guarded puts what has to be asked of every request before a handler that asks for
// credentials and answers.
func (l *logPage) guarded(handler http.Handler) (http.Handler, error) {
	if proxy := l.config.ProxyAuth.Get(); proxy != nil {
		trusted, err := proxy.proxies()
		if err != nil {
			return nil, err
		}
		handler = guard.BehindProxy(proxy.Header, trusted, l.refuse, handler)
	}
	handler = guard.SameOrigin(l.refuse, handler)
	if loopback := l.config.onLoopback(); loopback || len(l.config.AllowedHosts) > 0 {
		handler = guard.Hosts(l.config.AllowedHosts, loopback, l.refuse, handler)
	}
	handler = guard.ReadOnly(l.refuse, handler)
	handler = guard.WriteWithin(l.config.ServerConfig.WriteTimeout, handler)
	return guard.Headers(handler), nil
}

// unauthorized answers where an authenticator refuses. Only with the challenge does a
// browser ask for a user name and a password; other authenticators take what a program or
// a proxy sends.
func (l *logPage) unauthorized(w http.ResponseWriter, r *http.Request, _ string, status int) {
	if status != http.StatusUnauthorized { // such as a body in an unknown compression
		http.Error(w, http.StatusText(status), status)
		return
	}
	challenge := "Bearer"
	if l.config.ServerConfig.Auth.Get().Config.AuthenticatorID.Type().String() == basicAuth {
		challenge = `Basic realm="Integration log", charset="UTF-8"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	l.refuse(w, r, guard.Refusal{Reason: guard.Credentials, Status: status, Detail: "Log in to read the log."})
}

// refuse answers a request that is not let in, in the words of people or of programs. It is
// counted; who and what it was is told only to those who debug.
func (l *logPage) refuse(w http.ResponseWriter, r *http.Request, refusal guard.Refusal) {
	l.telemetry.LogPageRefusedRequests.Add(r.Context(), 1, metric.WithAttributeSet(attribute.NewSet(attribute.String("reason", string(refusal.Reason)))))
	l.set.Logger.Debug("Refused a request", zap.String("reason", string(refusal.Reason)), zap.String("method", r.Method),
		zap.String("path", r.URL.Path), zap.String("host", r.Host), zap.String("peer", r.RemoteAddr))
	if strings.HasPrefix(r.URL.Path, "/api/") {
		problem.Write(w, refusal.Status, refusal.Detail, "")
		return
	}
	http.Error(w, refusal.Detail, refusal.Status)
}
