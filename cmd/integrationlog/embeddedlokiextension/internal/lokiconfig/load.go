// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package lokiconfig reads Loki's configuration with Loki's own code.
package lokiconfig // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokiconfig"

import (
	"flag"
	"fmt"
	"io"
	"sync"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/grafana/loki/v3/pkg/runtime"
	"github.com/grafana/loki/v3/pkg/util/cfg"
	"github.com/grafana/loki/v3/pkg/validation"
	"gopkg.in/yaml.v2"
)

// Override changes a configuration after the file was read. It is applied
// before and after Loki derives settings from its common section, as Loki's own
// command line is.
type Override func(*loki.ConfigWrapper)

// Load reads the YAML text of a Loki configuration, applies the override (nil
// for none) and validates the result. The name stands in errors for the place
// that the text came from. An error of syntax names the line.
//
// Unlike Loki's own loader it leaves the process alone when something is wrong.
func Load(name string, text []byte, override Override) (*loki.ConfigWrapper, error) {
	limitsMu.Lock()
	defer limitsMu.Unlock()
	forgetLimits()
	defer restoreLimits()

	var c loki.ConfigWrapper
	overridden := fromOverride(override)
	// Loki registers over a thousand flags to get its defaults; none of them
	// may reach the flags of this process.
	flags := flag.NewFlagSet("loki", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	err := cfg.Unmarshal(&c,
		cfg.Defaults(flags),
		fromYAML(text, yaml.UnmarshalStrict),
		overridden,
		c.ApplyDynamicConfig(),
		// Read again, so that what the file says wins over what Loki derived
		// from its common section; not strict, because maps are filled already.
		fromYAML(text, yaml.Unmarshal),
		overridden, //nolint:gocritic // dupOption: the file was read again
	)
	if err != nil {
		return nil, fmt.Errorf("%s is not a Loki configuration: %w", name, err)
	}

	// These two belong to reading a configuration too: Loki's limits are complete
	// only after them.
	c.LimitsConfig.SetGlobalOTLPConfig(c.Distributor.OTLPConfig)
	if err := c.LimitsConfig.SetDefaultPolicyStreamMapping(c.Distributor.DefaultPolicyStreamMappings); err != nil {
		return nil, fmt.Errorf("%s: distributor.default_policy_stream_mappings: %w", name, err)
	}
	if err := validate(&c); err != nil {
		return nil, fmt.Errorf("%s is refused by Loki: %w", name, err)
	}
	return &c, nil
}

func validate(c *loki.ConfigWrapper) error {
	// Without a schema the other checks panic.
	if err := c.SchemaConfig.Validate(); err != nil {
		return fmt.Errorf("schema_config: %w", err)
	}
	return c.Validate()
}

func fromYAML(text []byte, unmarshal func([]byte, any) error) cfg.Source {
	return func(dst cfg.Cloneable) error { return unmarshal(text, dst) }
}

func fromOverride(override Override) cfg.Source {
	return func(dst cfg.Cloneable) error {
		if override != nil {
			override(dst.(*loki.ConfigWrapper))
		}
		return nil
	}
}

// Loki keeps the limits of the running configuration in package variables: they
// are the defaults of every Limits that is unmarshalled, and without them every
// push panics.
var (
	limitsMu  sync.Mutex
	inUse     *loki.ConfigWrapper
	stockOnce = sync.OnceValues(func() (validation.Limits, runtime.Config) {
		var c loki.ConfigWrapper
		c.RegisterFlags(flag.NewFlagSet("loki", flag.ContinueOnError))
		return c.LimitsConfig, c.OperationalConfig
	})
)

// UseLimits makes the limits of c the ones of the process, as Loki's main does
// before it starts.
func UseLimits(c *loki.ConfigWrapper) {
	limitsMu.Lock()
	defer limitsMu.Unlock()
	inUse = c
	restoreLimits()
}

// forgetLimits makes a configuration that is read begin with Loki's own
// defaults, even if another one is in use in this process.
func forgetLimits() {
	limits, operational := stockOnce()
	validation.SetDefaultLimitsForYAMLUnmarshalling(limits)
	runtime.SetDefaultLimitsForYAMLUnmarshalling(operational)
}

func restoreLimits() {
	if inUse == nil {
		return
	}
	validation.SetDefaultLimitsForYAMLUnmarshalling(inUse.LimitsConfig)
	runtime.SetDefaultLimitsForYAMLUnmarshalling(inUse.OperationalConfig)
}
