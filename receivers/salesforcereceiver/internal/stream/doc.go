// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package stream keeps one topic of the Pub/Sub API subscribed. It asks for events as fast
// as the pipeline takes them, remembers how far it has come only after that, and begins
// anew after whatever ends a stream.
//
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/references/methods/subscribe-rpc.html
package stream // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"
