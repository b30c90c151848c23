// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"fmt"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v4/disk"
)

// diskCheckInterval bounds how old an answer of diskGuard may be. At 100 MB/s a
// disk loses 100 MB in it, which min_free_disk has to be larger than.
const diskCheckInterval = time.Second

// diskGuard tells whether enough disk is left to take more.
type diskGuard struct {
	config MinFreeDiskConfig
	free   func(directory string) (uint64, error)

	mu      sync.Mutex
	checked time.Time
	err     error
}

func newDiskGuard(config MinFreeDiskConfig) *diskGuard {
	return &diskGuard{config: config, free: freeDisk}
}

// check returns an error while less is free than the configuration wants.
func (g *diskGuard) check(now time.Time) error {
	if g.config.Directory == "" || g.config.MiB == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.checked) < diskCheckInterval {
		return g.err
	}
	g.checked = now
	free, err := g.free(g.config.Directory)
	switch {
	case err != nil:
		g.err = fmt.Errorf("min_free_disk::directory: cannot tell how much disk is free at %q: %w", g.config.Directory, err)
	case free>>20 < g.config.MiB:
		g.err = fmt.Errorf("min_free_disk: %d MiB are free at %q, less than %d MiB; make room, or lower min_free_disk::mib", free>>20, g.config.Directory, g.config.MiB)
	default:
		g.err = nil
	}
	return g.err
}

func freeDisk(directory string) (uint64, error) {
	usage, err := disk.Usage(directory)
	if err != nil {
		return 0, err
	}
	return usage.Free, nil
}
