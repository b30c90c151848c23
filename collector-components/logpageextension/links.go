// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/objectlink"
)

// LinksConfig says where the accounts are that details of an activity lead to, where the log
// does not tell.
type LinksConfig struct {
	// Zendesk is the account's address, such as https://acme.zendesk.com.
	Zendesk string `mapstructure:"zendesk"`

	// Salesforce is the organization's My Domain address, such as
	// https://acme.my.salesforce.com.
	Salesforce string `mapstructure:"salesforce"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// linker makes the links. An address that leads nowhere, such as that of a test's own
// Zendesk, costs the links to it and nothing else.
func (l *logPage) linker() *objectlink.Linker {
	links := objectlink.Config{Zendesk: l.config.Links.Zendesk, Salesforce: l.config.Links.Salesforce}
	if err := links.Validate(); err != nil {
		l.set.Logger.Info("Some details have no link", zap.NamedError("links", err))
	}
	return objectlink.New(links)
}
