// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor // import "github.com/integrationlog/integrationlog/processors/severityprocessor"

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/words"
)

var (
	_ component.Config  = (*Config)(nil)
	_ confmap.Validator = (*Config)(nil)
)

// Config is the configuration of the severity processor.
type Config struct {
	// Mapping maps words to statuses: debug, info, warning or error. It extends and
	// overrides the built-in table. Case, accents and surrounding space of a word do
	// not matter; underscores and dashes are spaces.
	Mapping map[string]activity.Status `mapstructure:"mapping"`

	// DefaultStatus is the status of a record that says nothing, or nothing that is
	// known: debug, info, warning or error.
	DefaultStatus activity.Status `mapstructure:"default_status"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// Validate tells which setting is wrong and how to cure it.
func (cfg *Config) Validate() error {
	var errs []error
	if !isStatus(cfg.DefaultStatus) {
		errs = append(errs, fmt.Errorf("default_status: %q is no status, use debug, info, warning or error", cfg.DefaultStatus))
	}

	first := make(map[string]string, len(cfg.Mapping))
	for _, word := range slices.Sorted(maps.Keys(cfg.Mapping)) {
		if err := validateWord(word, cfg.Mapping[word]); err != nil {
			errs = append(errs, err)
			continue
		}
		normal := words.Normalise(word)
		if twin, ok := first[normal]; ok {
			errs = append(errs, fmt.Errorf("mapping: %q and %q are the same word, %q: remove one of them", twin, word, normal))
			continue
		}
		first[normal] = word
	}
	return errors.Join(errs...)
}

func validateWord(word string, status activity.Status) error {
	if len(word) > words.MaxLength {
		return fmt.Errorf("mapping: the word that begins with %q has %d bytes, and no word longer than %d is looked up: remove it",
			activity.Truncate(word, words.MaxLength), len(word), words.MaxLength)
	}
	normal := words.Normalise(word)
	if normal == "" {
		return fmt.Errorf("mapping: the word %q is empty: write a word, or use default_status for records that say nothing", word)
	}
	if !isStatus(status) {
		return fmt.Errorf("mapping: %q maps to %q, which is no status, use debug, info, warning or error", word, status)
	}
	if isStatus(activity.Status(normal)) && activity.Status(normal) != status {
		return fmt.Errorf("mapping: %q is one of the four statuses and stays what it is: map the source's own word instead", word)
	}
	return nil
}
