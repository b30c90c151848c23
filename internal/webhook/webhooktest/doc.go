// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package webhooktest checks receivers that are built on package webhook: it runs one,
// posts to it over a real connection, and looks at its answers, its records, its log and
// its metrics. What every such receiver has to do is checked here, once.
package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
