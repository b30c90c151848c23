// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package baseurl checks the address to which a receiver sends its credentials.
package baseurl // import "github.com/integrationlog/integrationlog/internal/baseurl"

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// Parse reads an address such as https://acme.zendesk.com. Without TLS whoever is in
// between could read the credentials, so only this machine itself is reached without.
// Errors name the setting; the address is quoted only where it cannot hold a password.
func Parse(setting, text string) (*url.URL, error) {
	base, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	if base.Path != "" && base.Path != "/" {
		return nil, fmt.Errorf("%s: %q must have no path; it is https://host or https://host:port", setting, text)
	}
	base.Path = ""
	return base, nil
}

// ParseWithPath is [Parse] for an address that has a path, such as a token endpoint.
func ParseWithPath(setting, text string) (*url.URL, error) {
	base, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	return base, nil
}

func parse(text string) (*url.URL, error) {
	if text == "" {
		return nil, errors.New("must not be empty; is its environment variable set?")
	}
	base, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("is no valid URL") // the error would quote it
	}
	switch {
	case base.User != nil:
		return nil, errors.New("must have no user name and password; they have settings of their own")
	case base.Scheme != "https" && base.Scheme != "http" || base.Hostname() == "":
		return nil, fmt.Errorf("%q must begin with https:// and a host", text)
	case base.Scheme == "http" && !IsLoopback(base.Hostname()):
		return nil, fmt.Errorf("%q must begin with https://: credentials would go over the network in clear", text)
	case base.RawQuery != "" || base.ForceQuery || base.Fragment != "":
		return nil, errors.New("must have neither query nor fragment")
	}
	base.Host = strings.ToLower(base.Host)
	return base, nil
}

// IsLoopback tells whether a host is this machine itself.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// SameOrigin tells whether two URLs have the same scheme, host and port.
func SameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	case u.Scheme == "http":
		return "80"
	default:
		return ""
	}
}
