// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package pubsub calls Salesforce's Pub/Sub API: it proves who calls, and tells from an
// error what can be done about it.
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/overview
package pubsub // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
