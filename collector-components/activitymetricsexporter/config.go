// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitymetricsexporter // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/collector-components/internal/knownsettings"
	"github.com/integrationlog/integrationlog/internal/label"
)

// What the bounds can be at most, so that they stay bounds: of the series that Prometheus
// has to keep, and of the memory for what was counted, about 150 bytes each.
const (
	maxMaxProducts      = 1000
	maxMaxActivityTypes = 100
	maxMaxActivities    = 10_000_000
)

// Config of the activity_metrics exporter.
type Config struct {
	// ServerConfig says where /metrics is served.
	ServerConfig confighttp.ServerConfig `mapstructure:",squash"`

	// Products are the slugs of the products that are switched on. Their counters are
	// there, with 0, before the first activity.
	Products []string `mapstructure:"products"`

	// LateAfter is how long before it was seen an activity may have happened and still be
	// counted as one of now. Older ones are counted as late, and nowhere else.
	LateAfter time.Duration `mapstructure:"late_after"`

	// MaxProducts bounds the products, beside those of the Integration log, that are
	// counted under their own names; all others share one. It should be the same as that
	// of the loki_limits processor.
	MaxProducts int `mapstructure:"max_products"`

	// MaxActivityTypes bounds, for each product, the activity types beside those that are
	// known of it; all others share one.
	MaxActivityTypes int `mapstructure:"max_activity_types"`

	// Deduplication says how redelivered activities are known again.
	Deduplication DeduplicationConfig `mapstructure:"deduplication"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// DeduplicationConfig says how redelivered activities are known again.
type DeduplicationConfig struct {
	// MaxActivities is how many activities are remembered.
	MaxActivities int `mapstructure:"max_activities"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var (
	_ confmap.Unmarshaler = (*Config)(nil)
	_ confmap.Validator   = (*Config)(nil)
	_ confmap.Validator   = (*DeduplicationConfig)(nil)
)

// Unmarshal implements confmap.Unmarshaler, so that a slip of the pen is told.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	type config Config
	if err := knownsettings.Check[config](conf); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// Validate checks the settings that have no sensible reading.
func (c *Config) Validate() error {
	var errs []error
	if c.ServerConfig.NetAddr.Endpoint == "" {
		errs = append(errs, errors.New("endpoint is empty: set it to where Prometheus scrapes, or leave it out for "+defaultEndpoint))
	}
	if c.LateAfter <= 0 {
		errs = append(errs, fmt.Errorf("late_after is %s, it must be more than 0; leave it out for %s", c.LateAfter, defaultLateAfter))
	}
	errs = append(errs,
		within("max_products", c.MaxProducts, 0, maxMaxProducts),
		within("max_activity_types", c.MaxActivityTypes, 0, maxMaxActivityTypes),
		validProducts(c.Products),
	)
	return errors.Join(errs...)
}

// Validate checks the settings that have no sensible reading.
func (c *DeduplicationConfig) Validate() error {
	return within("max_activities", c.MaxActivities, 1, maxMaxActivities)
}

func within(setting string, value, lowest, highest int) error {
	if value < lowest || value > highest {
		return fmt.Errorf("%s is %d, it must be between %d and %d", setting, value, lowest, highest)
	}
	return nil
}

func validProducts(products []string) error {
	var errs []error
	seen := make(map[string]bool, len(products))
	for _, product := range products {
		switch {
		case product == "":
			errs = append(errs, errors.New("products has an empty entry: name a product, such as shopify, or take it out"))
		case product != label.Clean(product):
			errs = append(errs, fmt.Errorf("products has %.200q, which cannot be a label: it must be UTF-8 of at most %d bytes", product, label.MaxBytes))
		case seen[product]:
			errs = append(errs, fmt.Errorf("products has %q twice: take one out", product))
		}
		seen[product] = true
	}
	if len(products) > maxMaxProducts {
		errs = append(errs, fmt.Errorf("products has %d entries, there can be %d at most", len(products), maxMaxProducts))
	}
	return errors.Join(errs...)
}
