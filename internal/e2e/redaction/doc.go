// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package redaction tests what contrib's redaction processor masks, and what it must
// never touch, with the settings that all shipped configurations have.
package redaction // import "github.com/integrationlog/integrationlog/internal/e2e/redaction"
