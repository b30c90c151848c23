// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package knownsettings tells of settings that do not exist where confmap passes over them:
// beside a squashed section that unmarshals itself, such as confighttp's, and within it.
package knownsettings // import "github.com/integrationlog/integrationlog/collector-components/internal/knownsettings"

import "go.opentelemetry.io/collector/confmap"

// Check returns confmap's error for a setting that T does not have. T is a type without an
// Unmarshal of its own, one level further down, where confmap looks.
func Check[T any](conf *confmap.Conf) error {
	return conf.Unmarshal(&struct {
		Settings T `mapstructure:",squash"`
	}{})
}
