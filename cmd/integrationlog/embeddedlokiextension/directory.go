// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
	"github.com/grafana/loki/v3/pkg/loki"
)

const lockName = "embedded_loki.lock"

// dataDirectory returns the directory that this configuration of Loki calls its
// own, with the name of the setting that chose it.
func (c *Config) dataDirectory(l *loki.ConfigWrapper) (directory, setting string) {
	switch {
	case c.ConfigFile == "":
		return l.Common.PathPrefix, "directory"
	case l.Common.PathPrefix != "":
		return l.Common.PathPrefix, "common.path_prefix of config_file"
	default:
		return l.Ingester.WAL.Dir, "ingester.wal.dir of config_file"
	}
}

// lockDirectory makes sure that Loki can write to the directory, and that nobody
// else does. Two Lokis would delete each other's write-ahead log. The lock ends
// with the process, however that ends.
func lockDirectory(directory, setting string) (*flock.Flock, error) {
	if err := os.MkdirAll(directory, 0o750); err != nil {
		return nil, fmt.Errorf("%s %q cannot be created: %w: name a directory that this user can write to", setting, directory, err)
	}
	if err := tryWrite(directory); err != nil {
		return nil, fmt.Errorf("%s %q cannot be written: %w: give this user the right to, or name another directory", setting, directory, err)
	}
	lock := flock.New(filepath.Join(directory, lockName))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("%s %q cannot be locked: %w: name a directory on a file system with locks", setting, directory, err)
	}
	if !locked {
		return nil, fmt.Errorf("%s %q is in use by another process: stop that one, or name another directory", setting, directory)
	}
	return lock, nil
}

func tryWrite(directory string) error {
	file, err := os.CreateTemp(directory, ".writable-*")
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Remove(file.Name())
}

// A lock ends when nothing refers to it any more, so what is to be kept is kept here.
var (
	keptMu sync.Mutex
	kept   []*flock.Flock
)

func keepUntilExit(lock *flock.Flock) {
	keptMu.Lock()
	defer keptMu.Unlock()
	kept = append(kept, lock)
}
