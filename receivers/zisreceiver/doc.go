// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package zisreceiver turns the entries that the flows of private ZIS integrations post
// into log records.
package zisreceiver // import "github.com/integrationlog/integrationlog/receivers/zisreceiver"
