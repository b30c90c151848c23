// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package soak tries the shipped programs under load and with faults, and compares what is
// in Loki with a ledger of what was acknowledged. docs/soak.md tells how to run it.
package soak // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak"
