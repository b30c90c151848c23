// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package loki reads the log from Loki, through its HTTP API.
package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"
