// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension"

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
)

// Config of the queue_storage extension.
type Config struct {
	// Storage is the id of the storage extension that keeps the data. Its clients have
	// to implement storage.Walker and to run a batch in one transaction, as those of
	// file_storage do.
	Storage component.ID `mapstructure:"storage"`

	// FlushInterval is the longest that the deletion of a delivered item waits for a
	// transaction. What was delivered within it before a kill is sent again.
	FlushInterval time.Duration `mapstructure:"flush_interval"`

	// MaxPending is how many deletions may wait.
	MaxPending int `mapstructure:"max_pending"`

	// CacheSizeMiB bounds the memory for items that the queue reads next, for each queue.
	CacheSizeMiB int64 `mapstructure:"cache_size_mib"`

	// RequeueQuarantined puts the items in quarantine back into the queue at the start.
	RequeueQuarantined bool `mapstructure:"requeue_quarantined"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// maxCacheSizeMiB keeps the cache's size within an int64 of bytes and within reason.
const maxCacheSizeMiB = 64 * 1024

// Validate checks the settings that have no sensible reading.
func (c *Config) Validate() error {
	var errs []error
	if c.Storage == (component.ID{}) {
		errs = append(errs, errors.New("storage must be set: name the storage extension that keeps the queue, such as file_storage/queue"))
	}
	if c.FlushInterval <= 0 {
		errs = append(errs, fmt.Errorf("flush_interval must be positive, not %s", c.FlushInterval))
	}
	if c.MaxPending <= 0 {
		errs = append(errs, fmt.Errorf("max_pending must be positive, not %d", c.MaxPending))
	}
	if c.CacheSizeMiB <= 0 || c.CacheSizeMiB > maxCacheSizeMiB {
		errs = append(errs, fmt.Errorf("cache_size_mib must be between 1 and %d, not %d", maxCacheSizeMiB, c.CacheSizeMiB))
	}
	return errors.Join(errs...)
}
