// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package hostcheckextension // import "github.com/integrationlog/integrationlog/collector-components/hostcheckextension"

import (
	"errors"
	"slices"
)

// Config of the host_check extension.
type Config struct {
	// AllowedHosts are names, without port, under which a server on a loopback address is
	// known beside localhost and loopback addresses, such as that of a proxy which passes the
	// Host header on.
	AllowedHosts []string `mapstructure:"allowed_hosts"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// Validate checks that each name is one.
func (c *Config) Validate() error {
	if slices.Contains(c.AllowedHosts, "") {
		return errors.New("allowed_hosts: a name is empty; is its environment variable set?")
	}
	return nil
}
