// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package guard // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/guard"

import (
	"net/http"
	"net/netip"
	"strings"
)

// BehindProxy lets requests in that a trusted proxy sends and in which it names one user in
// the header. A proxy must replace what a client sends there; one that adds to it instead
// leaves two names, and which is the true one nobody can tell.
func BehindProxy(header string, trusted []netip.Prefix, refuse Refuse, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		users := r.Header.Values(header)
		switch {
		case !isTrusted(r.RemoteAddr, trusted):
			refuse(w, r, Refusal{Proxy, http.StatusForbidden, "The log is read through the proxy that you log in at. (Its address must be in proxy_auth::trusted_proxies of log_page.)"})
		case len(users) == 0 || len(users) == 1 && strings.TrimSpace(users[0]) == "":
			refuse(w, r, Refusal{User, http.StatusForbidden, "The proxy did not say who you are: it must set the header " + header + "."})
		case len(users) > 1 || strings.Contains(users[0], ","):
			refuse(w, r, Refusal{User, http.StatusForbidden, "The proxy named more than one user: it must replace the header " + header + " and add nothing to it."})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isTrusted tells whether a connection comes from one of the networks.
func isTrusted(remote string, trusted []netip.Prefix) bool {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	address := peer.Addr().Unmap().WithZone("")
	for _, network := range trusted {
		if network.Contains(address) {
			return true
		}
	}
	return false
}
