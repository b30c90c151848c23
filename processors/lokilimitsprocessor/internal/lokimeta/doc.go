// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package lokimeta keeps attributes within what Loki takes as the structured
// metadata of an entry. It follows Loki 3.7: pkg/loghttp/push/otlp.go says what
// becomes metadata and under which name, pkg/distributor/validator.go how it is
// counted.
package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
