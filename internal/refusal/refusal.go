// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package refusal tells what a pipeline refuses for good from what it may take later.
package refusal // import "github.com/integrationlog/integrationlog/internal/refusal"

import (
	"slices"

	"go.opentelemetry.io/collector/consumer/consumererror"
)

// IsFinal tells whether all that an error says is for good. A pipeline that branches
// joins the errors of its branches: while one of them may still take the records, they
// must come again.
func IsFinal(err error) bool {
	if !consumererror.IsPermanent(err) {
		return false
	}
	switch wrapper := err.(type) { //nolint:errorlint // it is walked here, level by level
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(wrapper.Unwrap(), func(part error) bool { return part != nil && !IsFinal(part) })
	case interface{ Unwrap() error }:
		// If what it wraps is not permanent, it is itself.
		inner := wrapper.Unwrap()
		return !consumererror.IsPermanent(inner) || IsFinal(inner)
	default:
		return true
	}
}
