// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/integrationlog/integrationlog/internal/baseurl"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// tokens gives out only tokens that are for the instance and the organization that are
// configured. Salesforce tells with a token where to use it; nothing is sent there that
// the configuration does not name.
type tokens struct {
	source   oauth.TokenSource
	instance *url.URL
	// organization has 18 characters, and is empty where it is not configured.
	organization string
}

var _ oauth.TokenSource = (*tokens)(nil)

func newTokens(source oauth.TokenSource, instance *url.URL, organization string) *tokens {
	t := &tokens{source: source, instance: instance}
	if id, ok := sfid.Parse(organization); ok {
		t.organization = id.Long()
	}
	return t
}

// wrongTokenError is a token for something else than what is configured.
type wrongTokenError struct{ text string }

func (e *wrongTokenError) Error() string { return e.text }

// Reason is a word for a metric.
func (*wrongTokenError) Reason() string { return "authorization" }

var errNoOrganization = errors.New("salesforce's token does not tell the organization; set organization_id")

// Token returns a token of the source, if it is for what is configured.
func (t *tokens) Token(ctx context.Context) (oauth.Token, error) {
	token, err := t.source.Token(ctx)
	if err != nil {
		return oauth.Token{}, explain(err)
	}
	if err := t.check(token); err != nil {
		return oauth.Token{}, err
	}
	return token, nil
}

// Invalidate says that Salesforce refused a token.
func (t *tokens) Invalidate(token oauth.Token) { t.source.Invalidate(token) }

func (t *tokens) check(token oauth.Token) error {
	if text := token.Extra("instance_url"); text != "" {
		told, err := url.Parse(text)
		if err != nil || !baseurl.SameOrigin(told, t.instance) {
			return &wrongTokenError{fmt.Sprintf("salesforce's token is for %s, and not for %s, so it is not used: "+
				"set login_url to the organization's My Domain address, or instance_url to the one that Salesforce names", originOf(told), originOf(t.instance))}
		}
	}
	if told, ok := sfid.Parse(pubsub.OrganizationID(token)); ok && t.organization != "" && told.Long() != t.organization {
		return &wrongTokenError{fmt.Sprintf("salesforce's token is for organization %s, and not for organization_id %s; correct or remove that setting", told.Long(), t.organization)}
	}
	return nil
}

// account returns the organization's id, always in the form with 18 characters: ids of
// activities contain it.
func (t *tokens) account(ctx context.Context) (string, error) {
	if t.organization != "" {
		return t.organization, nil
	}
	token, err := t.Token(ctx)
	if err != nil {
		return "", err
	}
	id, ok := sfid.Parse(pubsub.OrganizationID(token))
	if !ok {
		return "", errNoOrganization
	}
	return id.Long(), nil
}

// originOf shows scheme and host of an address, and nothing that could be a secret.
func originOf(u *url.URL) string {
	if u == nil || u.Host == "" {
		return "an address that cannot be read"
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}
