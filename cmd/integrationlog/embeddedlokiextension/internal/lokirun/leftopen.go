// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/grafana/loki/v3/pkg/loki"
)

// removeLeftOpen removes a file that an earlier Loki of this process may hold open.
//
// A Loki that stops before its compactor began to work, which takes some seconds
// after it is ready, does not close the note of how far deleting has come; the next
// one would wait for that file in vain. The note only saves work that is done again
// without it.
func removeLeftOpen(c *loki.ConfigWrapper) error {
	name := filepath.Join(c.CompactorConfig.WorkingDirectory, "deletion", "series_progress.boltdb")
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock := flock.New(name)
	locked, err := lock.TryLock()
	if err != nil {
		return err
	}
	if locked {
		return lock.Unlock()
	}
	return os.Remove(name)
}
