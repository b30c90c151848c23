// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package shopifyreceiver turns Shopify's webhooks into log records: classic
// webhooks and the newer Events deliveries, verified by their HMAC.
package shopifyreceiver // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver"
