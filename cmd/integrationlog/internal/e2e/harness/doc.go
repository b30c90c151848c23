// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package harness runs the shipped binaries as processes of their own and speaks to
// them as the world does: as Shopify, as an integration with OTLP, as a reader of
// Loki, as an operator with signals. The end-to-end tests are written with it.
package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
