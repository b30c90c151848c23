// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"net/netip"
	"strings"
)

// isHostName tells whether a text can be a host as browsers show it: a name or an address,
// without scheme, port and path.
func isHostName(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return text != "" && !strings.ContainsAny(text, ":/ *@[]?#,")
}
