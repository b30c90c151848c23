// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package actionsreceiver turns the entries that custom actions and action flows post into
// log records.
package actionsreceiver // import "github.com/integrationlog/integrationlog/receivers/actionsreceiver"
