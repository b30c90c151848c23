// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package objectlink leads from an activity to what it was about: into Zendesk, Shopify or
// Salesforce.
//
// What the log holds is foreign text. So no address is taken from it: a link is put together
// from parts, each of which has exactly the form that its vendor gives it, and leads to
// the vendors' hosts by https and nowhere else. Where a part is missing or looks otherwise
// there is no link.
package objectlink // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/objectlink"
