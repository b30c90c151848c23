// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package objectlink // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/objectlink"

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Config says where the accounts are, where the log does not tell.
type Config struct {
	// Zendesk is the account's address, such as https://acme.zendesk.com. It is used for
	// activities that do not name their own account.
	Zendesk string `mapstructure:"zendesk"`

	// Salesforce is the organization's My Domain address, such as
	// https://acme.my.salesforce.com. The log knows only the organization's id, which leads
	// nowhere.
	Salesforce string `mapstructure:"salesforce"`
}

// Hosts of accounts. Salesforce puts sandboxes and the like in a domain of their own.
var (
	zendeskHost    = regexp.MustCompile(`^([a-z][a-z0-9-]{0,61}[a-z0-9])\.zendesk\.com$`)
	salesforceHost = regexp.MustCompile(`^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?:sandbox|develop|scratch|trailblaze|demo))?)\.my\.salesforce\.com$`)
)

// Validate checks that both addresses, where they are given, are those of accounts.
func (c *Config) Validate() error {
	var errs []error
	if c.Zendesk != "" && !zendeskHost.MatchString(host(c.Zendesk)) {
		errs = append(errs, fmt.Errorf("zendesk: %q must be the address of the account, like https://acme.zendesk.com", c.Zendesk))
	}
	if c.Salesforce != "" && !salesforceHost.MatchString(host(c.Salesforce)) {
		errs = append(errs, fmt.Errorf("salesforce: %q must be the organization's My Domain address, like https://acme.my.salesforce.com", c.Salesforce))
	}
	return errors.Join(errs...)
}

// host returns the host of an address that has no other part, or nothing.
func host(address string) string {
	host, ok := strings.CutPrefix(strings.ToLower(address), "https://")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(host, "/")
}
