// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc/credentials"

	"github.com/integrationlog/integrationlog/internal/oauth"
)

var (
	errNoInstance = errors.New("the token came without instance_url, and none is configured")
	errNoTenant   = errors.New("the token came without the organization's id, and none is configured")
)

// identity is what every call has to carry. Its token is fixed: a stream that began with
// one ends with it.
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/guide/supported-auth.html
type identity struct {
	token    oauth.Token
	instance string
	tenant   string
	// plain tells that the connection is not encrypted, which is for this machine only.
	plain bool
}

var _ credentials.PerRPCCredentials = identity{}

// GetRequestMetadata returns the headers.
func (i identity) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"accesstoken": i.token.Bearer(), "instanceurl": i.instance, "tenantid": i.tenant}, nil
}

// RequireTransportSecurity keeps the token from a connection that is not encrypted.
func (i identity) RequireTransportSecurity() bool { return !i.plain }

// identity gets a token.
func (c *Client) identity(ctx context.Context) (identity, error) {
	token, err := c.settings.Tokens.Token(ctx)
	if err != nil {
		return identity{}, err
	}
	i := identity{token: token, instance: c.settings.InstanceURL, tenant: c.settings.OrganizationID, plain: c.settings.Insecure}
	if i.instance == "" {
		i.instance = token.Extra("instance_url")
	}
	if i.tenant == "" {
		i.tenant = OrganizationID(token)
	}
	switch {
	case i.instance == "":
		return identity{}, errNoInstance
	case i.tenant == "":
		return identity{}, errNoTenant
	}
	return i, nil
}

// OrganizationID returns whose token it is, as the address of the identity that comes
// with it tells: https://login.salesforce.com/id/<organization>/<user>. It is empty where
// nothing tells.
func OrganizationID(token oauth.Token) string {
	_, ids, ok := strings.Cut(token.Extra("id"), "/id/")
	organization, _, _ := strings.Cut(ids, "/")
	if !ok || len(organization) != 15 && len(organization) != 18 {
		return ""
	}
	return organization
}
