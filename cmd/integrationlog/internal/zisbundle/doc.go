// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package zisbundle adds log steps to a bundle of Zendesk Integration Services, so that
// its flows tell the log how they ended.
//
// A flow belongs to a customer, and its bundle is kept by hand: so the package edits
// the text of the bundle and leaves every byte alone that it has no reason to change.
// What it adds it finds again, by name and comment, and takes out before it adds it
// anew: instrumenting twice is the same as once.
package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"
