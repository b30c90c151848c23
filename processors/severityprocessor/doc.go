// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package severityprocessor settles on one of the four statuses of the
// integration log for every log record: debug, info, warning or error.
package severityprocessor // import "github.com/integrationlog/integrationlog/processors/severityprocessor"
