// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"go.opentelemetry.io/collector/component"
)

// What becomes of records that may be repetitions.
const (
	// InDoubtLookup asks Loki first.
	InDoubtLookup = "lookup"
	// InDoubtSend sends them: some may be stored twice.
	InDoubtSend = "send"
)

// Config of the loki_delivery extension.
type Config struct {
	// QueueStorage is the id of the queue_storage extension that keeps the exporter's
	// sending queue. It tells whether records of an earlier process are on their way,
	// which that process may have delivered already.
	QueueStorage *component.ID `mapstructure:"queue_storage"`

	// QueryEndpoint is Loki's base URL for queries, such as http://loki:3100. If it is
	// empty, it is the URL of the pushes without /otlp/v1/logs.
	QueryEndpoint string `mapstructure:"query_endpoint"`

	// InDoubt is lookup or send.
	InDoubt string `mapstructure:"in_doubt"`

	// InDoubtPatience is how long records wait while questions are refused (401, 403,
	// 404 and the like). After that they are sent without having been asked about.
	InDoubtPatience time.Duration `mapstructure:"in_doubt_patience"`

	// SharedSources says that other collectors take deliveries of the same sources. What
	// one of them has sent may come again to this one, whose receivers do not know it, so
	// every record is in doubt.
	SharedSources bool `mapstructure:"shared_sources"`

	// DeadLetter is where the records go that Loki refuses for good.
	DeadLetter DeadLetterConfig `mapstructure:"dead_letter"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// DeadLetterConfig tells where refused records are kept.
type DeadLetterConfig struct {
	// Directory of the files. It is made if it is missing.
	Directory string `mapstructure:"directory"`

	// MaxSizeMiB is the size at which another file is begun.
	MaxSizeMiB int64 `mapstructure:"max_size_mib"`

	// MaxFiles is how many files there may be. When there are as many, what Loki
	// refuses stays in the queue and is tried again, until somebody moves files away.
	MaxFiles int `mapstructure:"max_files"`

	// DeleteOldest deletes the oldest file instead. That loses records.
	DeleteOldest bool `mapstructure:"delete_oldest"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// maxSizeMiB keeps the size of a file within an int64 of bytes and within reason.
const maxSizeMiB = 1 << 20

// Validate checks the settings that have no sensible reading.
func (c *Config) Validate() error {
	var errs []error
	if c.InDoubt != InDoubtLookup && c.InDoubt != InDoubtSend {
		errs = append(errs, fmt.Errorf("in_doubt must be %s or %s, not %q", InDoubtLookup, InDoubtSend, c.InDoubt))
	}
	if c.SharedSources && c.InDoubt == InDoubtSend {
		errs = append(errs, errors.New("shared_sources needs in_doubt: lookup, for what other collectors have sent is only known to Loki"))
	}
	if c.InDoubtPatience < 0 {
		errs = append(errs, fmt.Errorf("in_doubt_patience must not be negative, but is %s", c.InDoubtPatience))
	}
	if c.QueryEndpoint != "" {
		endpoint, err := url.Parse(c.QueryEndpoint)
		if err != nil || endpoint.Host == "" || (endpoint.Scheme != "http" && endpoint.Scheme != "https") {
			errs = append(errs, fmt.Errorf("query_endpoint must be a URL such as http://loki:3100, not %q", c.QueryEndpoint))
		}
	}
	return errors.Join(errs...)
}

// Validate checks the settings that have no sensible reading.
func (c *DeadLetterConfig) Validate() error {
	var errs []error
	if c.Directory == "" {
		errs = append(errs, errors.New("directory must be set: what Loki refuses for good is kept there"))
	}
	if c.MaxSizeMiB <= 0 || c.MaxSizeMiB > maxSizeMiB {
		errs = append(errs, fmt.Errorf("max_size_mib must be between 1 and %d, not %d", maxSizeMiB, c.MaxSizeMiB))
	}
	if c.MaxFiles <= 0 {
		errs = append(errs, fmt.Errorf("max_files must be positive, not %d", c.MaxFiles))
	}
	return errors.Join(errs...)
}
