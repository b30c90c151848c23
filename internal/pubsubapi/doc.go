// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go run -C ../tools ./pubsubgen ../pubsubapi pubsub_api.proto

// Package pubsubapi is Salesforce's Pub/Sub API as generated from the definition
// that Salesforce publishes: the receiver is a client of it, the simulator a server.
// The definition is vendored because Salesforce publishes no Go module of it; where
// it is from, and its licence, stands at its head.
package pubsubapi // import "github.com/integrationlog/integrationlog/internal/pubsubapi"
