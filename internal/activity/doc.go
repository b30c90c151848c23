// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package activity turns one activity of an integration into one OpenTelemetry
// log record. It is the only place that knows how the record is laid out and
// what its attributes are called; receivers, processors and extensions take the
// names from here. The data model is described in docs/data-model.md.
package activity // import "github.com/integrationlog/integrationlog/internal/activity"
