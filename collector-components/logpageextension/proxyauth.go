// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"errors"
	"fmt"
	"net/netip"

	"go.opentelemetry.io/collector/confmap"
	"golang.org/x/net/http/httpguts"
)

// ProxyAuthConfig says which proxy is believed who its users are.
type ProxyAuthConfig struct {
	// Header is the header in which the proxy names the user.
	Header string `mapstructure:"header"`

	// TrustedProxies are the addresses, or networks in CIDR notation, that the proxy
	// connects from. Requests from elsewhere are refused, whatever they say.
	TrustedProxies []string `mapstructure:"trusted_proxies"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var _ confmap.Validator = (*ProxyAuthConfig)(nil)

// Validate checks that the proxy can be told from everybody else.
func (c *ProxyAuthConfig) Validate() error {
	var errs []error
	if !httpguts.ValidHeaderFieldName(c.Header) {
		errs = append(errs, fmt.Errorf("header is %q: set it to the header in which the proxy names the user, such as %s", c.Header, defaultUserHeader))
	}
	if len(c.TrustedProxies) == 0 {
		errs = append(errs, errors.New("trusted_proxies is empty: list the addresses that the proxy connects from, or anybody could name a user"))
	}
	_, err := c.proxies()
	return errors.Join(append(errs, err)...)
}

// proxies returns the networks of the trusted proxies.
func (c *ProxyAuthConfig) proxies() ([]netip.Prefix, error) {
	var errs []error
	proxies := make([]netip.Prefix, 0, len(c.TrustedProxies))
	for _, text := range c.TrustedProxies {
		proxy, err := parseNetwork(text)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("trusted_proxies has %q: it must be an address or a network such as 10.0.0.0/24", text))
		case proxy.Bits() == 0:
			errs = append(errs, fmt.Errorf("trusted_proxies has %q, which is everybody: list the addresses that the proxy connects from", text))
		default:
			proxies = append(proxies, proxy)
		}
	}
	return proxies, errors.Join(errs...)
}

// parseNetwork reads a network in CIDR notation, or one address.
func parseNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		address = address.Unmap().WithZone("")
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	return network.Masked(), err
}
