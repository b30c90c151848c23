// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// removeAbandoned removes the directories of this user's demos that were killed, and returns
// their paths. Directories that another process has, that were kept or that are somebody
// else's stay.
func removeAbandoned(parent string) (removed []string, _ error) {
	paths, err := filepath.Glob(filepath.Join(parent, directoryPrefix+"*"))
	if err != nil {
		return nil, err
	}
	var failures []error
	for _, path := range paths {
		if !isOfADemo(path) {
			continue
		}
		lock, err := lockIfFree(path)
		switch {
		case errors.Is(err, errLocked), errors.Is(err, os.ErrNotExist): // or another demo has just removed it
		case err != nil:
			failures = append(failures, err)
		default:
			d := directory{path: path, lock: lock}
			if err := d.remove(); err != nil && !errors.Is(err, os.ErrNotExist) {
				failures = append(failures, err)
				continue
			}
			removed = append(removed, path)
		}
	}
	return removed, errors.Join(failures...)
}

// isOfADemo tells whether a path is a directory of this user, with what a demo that had
// begun leaves in it. Links are none: they may lead to anything.
func isOfADemo(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() || !isOurs(info) {
		return false
	}
	for _, name := range []string{lockFile, changesFile} {
		if info, err := os.Lstat(filepath.Join(path, name)); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// lockIfFree takes the lock of a directory, unless the demo or its collector has it.
func lockIfFree(path string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(path, lockFile))
	if err := lockNow(lock); err != nil {
		return nil, err
	}
	err := isFreeOfLoki(filepath.Join(path, filepath.FromSlash(lokiLock)))
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// isFreeOfLoki returns an error if the collector has the directory, whose lock this is.
func isFreeOfLoki(path string) error {
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	lock := flock.New(path)
	if err := lockNow(lock); err != nil {
		return err
	}
	return lock.Close()
}
