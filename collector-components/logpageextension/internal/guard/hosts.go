// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package guard // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/guard"

import (
	"net/http"
	"slices"

	"github.com/integrationlog/integrationlog/internal/crosssite"
)

// Hosts refuses requests for a name under which the page is not known. A site can make its
// own name lead to an address of the reader's network (DNS rebinding), and would then read
// the page as if it were its own; the name is what gives it away. Allowed are names without
// port, and with loopback, localhost and loopback addresses.
func Hosts(allowed []string, loopback bool, refuse Refuse, next http.Handler) http.Handler {
	known := make([]string, 0, len(allowed))
	for _, name := range allowed {
		known = append(known, crosssite.HostName(name))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if loopback && crosssite.IsLoopback(r) || slices.Contains(known, crosssite.HostName(r.Host)) {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, r, Refusal{
			Host, http.StatusMisdirectedRequest,
			"The log is not served under this name. Open it as localhost, or add the name to allowed_hosts of log_page.",
		})
	})
}
