// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

const (
	// directoryPrefix is what the names of all demos' directories begin with.
	directoryPrefix = "integrationlog-demo-"
	// lockFile is in the directory of a demo that is to be removed when it ends, and locked
	// while it runs: the system frees a lock when its process ends, however that ends.
	lockFile = "demo.lock"
	// lokiLock is locked while the collector has the directory; see embeddedlokiextension. It
	// can outlive the demo for some seconds, and where the system does not end it for longer.
	lokiLock = "loki/embedded_loki.lock"
)

// directory is where a demo has its data.
type directory struct {
	path string
	// lock is nil of one that is kept.
	lock *flock.Flock
}

// newDirectory makes a directory with what the collector runs. One that is to be kept gets
// no lock, so no later demo takes it for one that a killed demo has left.
func newDirectory(parent string, keep bool) (*directory, error) {
	path, err := os.MkdirTemp(parent, directoryPrefix)
	if err != nil {
		return nil, fmt.Errorf("the data needs a directory; TMPDIR names another: %w", err)
	}
	d := &directory{path: path}
	if !keep {
		d.lock = flock.New(filepath.Join(path, lockFile))
		if err := lockNow(d.lock); err != nil {
			return nil, errors.Join(fmt.Errorf("the data in %s cannot be locked; TMPDIR names another directory: %w", path, err), os.RemoveAll(path))
		}
	}
	if err := writeConfiguration(path); err != nil {
		return nil, errors.Join(err, d.remove())
	}
	return d, nil
}

var errLocked = errors.New("another process has the lock")

func lockNow(lock *flock.Flock) error {
	locked, err := lock.TryLock()
	if err == nil && !locked {
		return errLocked
	}
	return err
}

// keep leaves the directory to whoever reads it.
func (d *directory) keep() error {
	if d.lock == nil {
		return nil
	}
	return errors.Join(d.lock.Close(), os.Remove(d.lock.Path()))
}

// remove removes the directory, and the lock last: what could not be removed, a later demo
// removes.
func (d *directory) remove() error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() != lockFile {
			err = errors.Join(err, os.RemoveAll(filepath.Join(d.path, entry.Name())))
		}
	}
	if d.lock != nil {
		err = errors.Join(err, d.lock.Close())
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(d.path)
}
