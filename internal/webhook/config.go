// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
)

// DefaultEndpoint is the one address of all webhook receivers.
const DefaultEndpoint = "localhost:8700"

// defaultMaxBody is generous: a body that is cut off cannot be verified.
const defaultMaxBody = 20 << 20

// Config is what every webhook receiver's configuration begins with. Receivers
// with the same endpoint share one listener, so their network and TLS settings
// have to agree; path, timeout, max_request_body_size and compression_algorithms are
// each receiver's own.
type Config struct {
	// ServerConfig is the listener.
	ServerConfig confighttp.ServerConfig `mapstructure:",squash"`

	// Path is where the vendor posts to. It begins with a slash.
	Path string `mapstructure:"path"`

	// Timeout is how long a request may take until it is answered. It has to be
	// shorter than the vendor's own patience.
	Timeout time.Duration `mapstructure:"timeout"`

	// Deduplication remembers what was accepted.
	Deduplication DeduplicationConfig `mapstructure:"deduplication"`

	// MinFreeDisk makes the receiver refuse before the disk is full.
	MinFreeDisk MinFreeDiskConfig `mapstructure:"min_free_disk"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// DeduplicationConfig configures the memory of accepted activities.
type DeduplicationConfig struct {
	// Storage is the storage extension that keeps the memory across restarts.
	// Without it the memory ends with the process.
	Storage *component.ID `mapstructure:"storage"`
	// TTL is how long an activity is remembered: longer than the vendor retries.
	TTL time.Duration `mapstructure:"ttl"`
	// MaxActivities bounds the memory; about 130 bytes each.
	MaxActivities int `mapstructure:"max_activities"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// MinFreeDiskConfig configures when a receiver refuses for want of disk.
type MinFreeDiskConfig struct {
	// Directory is on the disk that the sending queue is on. Empty switches the
	// check off.
	Directory string `mapstructure:"directory"`
	// MiB is how much must be free, in mebibytes.
	MiB uint64 `mapstructure:"mib"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// NewDefaultConfig returns the configuration that a receiver begins with.
func NewDefaultConfig(path string) Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = DefaultEndpoint
	server.ReadHeaderTimeout = 5 * time.Second
	server.MaxRequestBodySize = defaultMaxBody
	server.CompressionAlgorithms = slices.Clone(encodings)
	return Config{
		ServerConfig: server,
		Path:         path,
		Timeout:      4 * time.Second,
		Deduplication: DeduplicationConfig{
			TTL:           24 * time.Hour,
			MaxActivities: 200_000,
		},
		MinFreeDisk: MinFreeDiskConfig{MiB: 256},
	}
}

// Validate tells which setting is wrong, and how to cure it.
func (c *Config) Validate() error {
	var errs []error
	if c.ServerConfig.NetAddr.Endpoint == "" {
		errs = append(errs, fmt.Errorf("endpoint: must not be empty; the default is %q", DefaultEndpoint))
	}
	if u, err := url.ParseRequestURI(c.Path); err != nil || u.Path != c.Path || !strings.HasPrefix(c.Path, "/") || strings.Contains(c.Path, "#") {
		errs = append(errs, fmt.Errorf("path: %q must begin with a slash and have neither query nor fragment nor percent-encoding", c.Path))
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("timeout: %v must be longer than 0", c.Timeout))
	}
	if write := c.ServerConfig.WriteTimeout; write > 0 && write <= c.Timeout {
		errs = append(errs, fmt.Errorf("timeout: %v must be shorter than write_timeout, %v, or no answer could be sent", c.Timeout, write))
	}
	if c.ServerConfig.MaxRequestBodySize <= 0 {
		errs = append(errs, fmt.Errorf("max_request_body_size: %d must be more than 0", c.ServerConfig.MaxRequestBodySize))
	}
	if err := validateEncodings(c.ServerConfig.CompressionAlgorithms); err != nil {
		errs = append(errs, err)
	}
	if c.Deduplication.TTL <= 0 {
		errs = append(errs, fmt.Errorf("deduplication::ttl: %v must be longer than 0", c.Deduplication.TTL))
	}
	if c.Deduplication.MaxActivities <= 0 {
		errs = append(errs, fmt.Errorf("deduplication::max_activities: %d must be more than 0", c.Deduplication.MaxActivities))
	}
	return errors.Join(errs...)
}
