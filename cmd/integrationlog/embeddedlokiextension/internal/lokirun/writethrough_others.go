// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import "errors"

// writeThrough is what Linux alone has.
func writeThrough(string) error { return errors.ErrUnsupported }
