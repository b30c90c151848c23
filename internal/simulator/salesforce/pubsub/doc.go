// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package pubsub is a Pub/Sub API server: topics, schemas, subscriptions with credit
// and replay, and every failure that clients of the real one have met, on a switch.
//
// It follows the comments of the definition, and
// https://developer.salesforce.com/docs/platform/pub-sub-api/references/methods/subscribe-rpc.html
// https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-message-durability.html
// https://developer.salesforce.com/docs/platform/pub-sub-api/guide/handling-errors.html
package pubsub // import "github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
