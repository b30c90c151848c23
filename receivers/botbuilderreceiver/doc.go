// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package botbuilderreceiver turns the entries that conversation bots post of their API
// calls into log records.
package botbuilderreceiver // import "github.com/integrationlog/integrationlog/receivers/botbuilderreceiver"
