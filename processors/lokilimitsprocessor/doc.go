// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package lokilimitsprocessor makes every log record one that Loki will take, so
// that one bad record never costs its neighbours: Loki answers a whole push with
// 400 when one entry of it is bad, and the collector then counts the batch as lost.
package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"
