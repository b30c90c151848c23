// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package sunshineconversationsreceiver turns Sunshine Conversations' webhooks into
// log records: messages that were not delivered, control of a conversation that was
// not handed over, users that could not be linked. Webhooks of versions 2, 1.1 and 1
// are told apart by their bodies.
package sunshineconversationsreceiver // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver"
