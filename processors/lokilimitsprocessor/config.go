// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
)

// Loki's own limits, limits_config in config/loki.yaml.
const (
	lokiCreationGracePeriod = 10 * time.Minute
	lokiMaxLineSize         = 256 << 10
)

const (
	// minLineSize leaves room for a sentence and the note that it was cut.
	minLineSize = 1 << 10
	// maxMaxProducts keeps max_products a bound: with n there are at most 4 x (2n + 15)
	// streams for each hour of the log, see [label.Admission].
	maxMaxProducts = 1000
)

// Config bounds what is passed on. Every limit has to lie within Loki's own of the
// same kind, or Loki would refuse what this processor lets through.
type Config struct {
	// MaxAge is how old a record may be; older ones are dropped. Loki's
	// reject_old_samples_max_age must be longer by the time for which records may
	// wait in the sending queue.
	MaxAge time.Duration `mapstructure:"max_age"`
	// MaxAhead is how far in the future a record may lie; others are stored at the
	// time of their arrival.
	MaxAhead time.Duration `mapstructure:"max_ahead"`
	// MaxLineSize bounds the body, in bytes; longer ones are cut.
	MaxLineSize int `mapstructure:"max_line_size"`
	// MaxMetadataSize bounds names and values of all attributes of a record, its
	// resource's and scope's included, in bytes; the longest values are cut.
	MaxMetadataSize int `mapstructure:"max_metadata_size"`
	// MaxAttributes bounds the number of the same attributes; the least important
	// ones are dropped.
	MaxAttributes int `mapstructure:"max_attributes"`
	// MaxProducts bounds the products, beside those of the Integration log, that
	// become streams of their own; all others share one.
	MaxProducts int `mapstructure:"max_products"`

	_ struct{}
}

var _ confmap.Validator = (*Config)(nil)

// Validate returns an error for each option that Loki could not follow.
func (c *Config) Validate() error {
	var errs error
	if c.MaxAge <= 0 {
		errs = errors.Join(errs, fmt.Errorf("max_age is %v, it must be more than 0; leave it out for 168h", c.MaxAge))
	}
	if c.MaxAhead < 0 || c.MaxAhead >= lokiCreationGracePeriod {
		errs = errors.Join(errs, fmt.Errorf("max_ahead is %v, it must be at least 0 and below Loki's creation_grace_period of %v", c.MaxAhead, lokiCreationGracePeriod))
	}
	return errors.Join(
		errs,
		within("max_line_size", c.MaxLineSize, minLineSize, lokiMaxLineSize, "Loki's max_line_size"),
		within("max_metadata_size", c.MaxMetadataSize, lokimeta.MinBytes, lokimeta.MaxBytes, "Loki's max_structured_metadata_size"),
		within("max_attributes", c.MaxAttributes, lokimeta.MinAttributes, lokimeta.MaxAttributes, "Loki's max_structured_metadata_entries_count of 128, less 16 that Loki adds itself"),
		within("max_products", c.MaxProducts, 0, maxMaxProducts, "the number of streams that one Loki can have"),
	)
}

func within(option string, value, lowest, highest int, reason string) error {
	if value < lowest || value > highest {
		return fmt.Errorf("%s is %d, it must be between %d and %d (%s)", option, value, lowest, highest, reason)
	}
	return nil
}
