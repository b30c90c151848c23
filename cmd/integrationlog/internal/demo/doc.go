// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package demo is the command demo: the all-in-one on this machine, fed by simulated vendors
// over the real wire, with the last week and then live traffic. It needs no account and no
// configuration, and leaves nothing behind.
package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"
