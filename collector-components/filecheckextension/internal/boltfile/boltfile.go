// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package boltfile tells whether a database file of bbolt can be used. bbolt trusts its
// files: of one that was cut off, opening or reading it ends the process with a fault that
// nobody can recover from, and one that was overwritten makes it panic, at any time.
package boltfile // import "github.com/integrationlog/integrationlog/collector-components/filecheckextension/internal/boltfile"

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// lockTimeout is how long to wait for a file that another process has open.
const lockTimeout = 100 * time.Millisecond

var (
	// ErrDamaged means that the file is no whole database.
	ErrDamaged = errors.New("the database is damaged")
	// ErrNewer means that a later version of bbolt has written the file.
	ErrNewer = errors.New("the database was written by a newer version of this program")
)

// Check returns nil for a whole database and for an empty file, of which bbolt makes one.
// Otherwise it returns [ErrDamaged] or [ErrNewer], or the error with which the file could not be
// opened, such as bbolt's ErrTimeout where another process has it. It reads the whole file,
// and changes nothing.
func Check(path string) (err error) {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return err
	}
	var file *os.File
	// A page that the file is too short for makes a fault. In this goroutine it is a panic.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			// The database cannot be closed any more; without its file it has no lock.
			err = errors.Join(fmt.Errorf("%w: %v", ErrDamaged, r), file.Close())
		}
	}()
	// bbolt lists the free pages in goroutines of its own, where nothing recovers a panic.
	// So everything is read before, without that list.
	for _, step := range []struct {
		free bool
		do   func(*bbolt.Tx) error
	}{{false, read}, {true, compare}} {
		database, err := bbolt.Open(path, 0, &bbolt.Options{
			ReadOnly: true, PreLoadFreelist: step.free, Timeout: lockTimeout,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				var err error
				file, err = os.OpenFile(name, flag, mode) //nolint:gosec // the caller's own file
				return file, err
			},
		})
		if err != nil {
			return classify(err)
		}
		if err := errors.Join(database.View(step.do), database.Close()); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return nil
}

// classify tells what could not be opened from what could not be read.
func classify(err error) error {
	var path *fs.PathError
	var system syscall.Errno
	switch {
	case errors.Is(err, berrors.ErrVersionMismatch):
		return fmt.Errorf("%w: %w", ErrNewer, err)
	case errors.Is(err, berrors.ErrTimeout), errors.As(err, &path), errors.As(err, &system):
		return err
	default:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
}

// read reads every key and the end of every value.
func read(tx *bbolt.Tx) error {
	if info, err := os.Stat(tx.DB().Path()); err != nil || info.Size() < tx.Size() {
		return errors.Join(err, fmt.Errorf("it is shorter than %d bytes", tx.Size()))
	}
	// A sum of what is read, so that it is read.
	sum := crc32.NewIEEE()
	return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
		return bucket.ForEach(func(key, value []byte) error {
			_, err := sum.Write(key)
			return errors.Join(err, readEnd(sum, value))
		})
	})
}

// compare compares the list of free pages with what is in use: a page that is both would
// be written over.
func compare(tx *bbolt.Tx) error {
	var first error
	for err := range tx.Check() {
		if first == nil {
			first = err
		}
	}
	return first
}

// readEnd reads the last byte of a value: its pages follow each other.
func readEnd(w io.Writer, value []byte) error {
	_, err := w.Write(value[max(0, len(value)-1):])
	return err
}
