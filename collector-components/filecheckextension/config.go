// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package filecheckextension // import "github.com/integrationlog/integrationlog/collector-components/filecheckextension"

import (
	"errors"
	"slices"
)

// Config of the file_check extension.
type Config struct {
	// Directories are those of the file_storage extensions. One that is not there has no
	// damaged files.
	Directories []string `mapstructure:"directories"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// Validate checks that there is something to look at.
func (c *Config) Validate() error {
	if len(c.Directories) == 0 || slices.Contains(c.Directories, "") {
		return errors.New("directories must be set: name the directory of each file_storage")
	}
	return nil
}
