// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package activitymetricsexporter is a logs exporter that counts activities into
// Prometheus metrics and serves them: how many there are, how many fail, when the last one
// was, and how late they come. docs/metrics.md says what each metric means.
package activitymetricsexporter // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"
