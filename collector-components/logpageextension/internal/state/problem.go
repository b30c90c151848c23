// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

// Problem is what is wrong with a parameter.
type Problem struct {
	// Parameter is the one that is wrong.
	Parameter string
	// Key is that of the text in package messages which says so, Args what stands in it.
	Key  string
	Args []any
}
