// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package guard stands before the page and its API: it refuses what must not be answered,
// and gives every answer the headers that protect its reader.
package guard // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/guard"

import "net/http"

// Reason is why a request was refused.
type Reason string

// The reasons; they are those of the metric.
const (
	// Credentials: an authenticator did not accept them, or there were none.
	Credentials Reason = "credentials"
	// Host: the page is not known under the name that the browser asked for.
	Host Reason = "host"
	// Method: neither GET nor HEAD, or with a body.
	Method Reason = "method"
	// Origin: another site's page asked for it.
	Origin Reason = "origin"
	// Proxy: it came past the proxy that people log in at.
	Proxy Reason = "proxy"
	// User: the proxy named no user, or several.
	User Reason = "user"
)

// Refusal says what was wrong with a request, to whoever sent it.
type Refusal struct {
	Reason Reason
	Status int
	Detail string
}

// Refuse answers a request that is not let in.
type Refuse func(http.ResponseWriter, *http.Request, Refusal)
