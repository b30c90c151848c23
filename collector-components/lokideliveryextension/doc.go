// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package lokideliveryextension is an HTTP client middleware for an exporter that sends
// log records to Loki. It turns what is transient into a retry, writes what Loki refuses
// for good into a file, and asks Loki before it sends what may be a repetition.
package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"
