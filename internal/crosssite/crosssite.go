// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package crosssite tells what a web page of somebody else has its reader's browser ask for.
// A browser reaches what listens on the reader's own machine, so that listening on localhost
// alone does not keep such pages out.
package crosssite // import "github.com/integrationlog/integrationlog/internal/crosssite"

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/integrationlog/integrationlog/internal/baseurl"
)

// IsAskedFor tells whether a browser says that another site's page asks for this. Programs
// say nothing of the kind, and neither does a reader who types an address.
// https://www.w3.org/TR/fetch-metadata/
func IsAskedFor(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "none", "same-origin":
		return false
	case "":
		// Older browsers say where they ask from when it is another site, and not always.
		origin := r.Header.Get("Origin")
		if origin == "" {
			return false
		}
		from, err := url.Parse(origin)
		return err != nil || !strings.EqualFold(from.Host, r.Host)
	default:
		return true
	}
}

// IsLoopback tells whether the Host header of a request names this machine itself. A site can
// make its own name lead here (DNS rebinding), and would then be the same site; the name is
// what gives it away.
func IsLoopback(r *http.Request) bool { return baseurl.IsLoopback(HostName(r.Host)) }

// HostName returns the name of a Host header as names are compared: without port and
// brackets, in small letters, without the dot of the root.
func HostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	} else {
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
