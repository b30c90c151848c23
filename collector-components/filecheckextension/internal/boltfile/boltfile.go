// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package boltfile tells whether a database file of bbolt can be used. bbolt trusts its
// files: of one that was cut off, opening or reading it ends the process with a fault that
// nobody can recover from, and one that was overwritten makes it panic, at any time.
//
// bbolt's own check is of no use here. Where the list of free pages is not stored, as with
// file_storage, bbolt first makes it, in a goroutine in which nothing recovers a panic; so it
// does when it opens a file for writing. So the pages are read here without bbolt, and refused
// is what it would find there, and what is known to make it panic at a later write.
package boltfile // import "github.com/integrationlog/integrationlog/collector-components/filecheckextension/internal/boltfile"

import (
	"errors"
	"fmt"
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
	// ErrEmpty means that the file has no bytes; bbolt makes a new database of it.
	ErrEmpty = errors.New("the file is empty")
	// ErrDamaged means that the file is no whole database.
	ErrDamaged = errors.New("the database is damaged")
	// ErrNewer means that a later version of bbolt has written the file.
	ErrNewer = errors.New("the database was written by a newer version of this program")
)

// Check returns nil for a whole database. Otherwise it returns [ErrEmpty], [ErrDamaged] or
// [ErrNewer], or the error with which the file could not be opened, such as bbolt's ErrTimeout
// where another process has it. It reads every key and the end of every value, and changes
// nothing.
func Check(path string) (err error) {
	if info, err := os.Stat(path); err != nil {
		return err
	} else if info.Size() == 0 {
		return ErrEmpty
	}
	var file *os.File
	// A page that the disk cannot read makes a fault. In this goroutine it is a panic.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			// The database cannot be closed any more; without its file it has no lock.
			err = errors.Join(fmt.Errorf("%w: %v", ErrDamaged, r), file.Close())
		}
	}()
	database, err := bbolt.Open(path, 0, &bbolt.Options{
		ReadOnly: true, Timeout: lockTimeout,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			var err error
			file, err = os.OpenFile(name, flag, mode) //nolint:gosec // the caller's own file
			return file, err
		},
	})
	if err != nil {
		return classify(err)
	}
	err = database.View(func(tx *bbolt.Tx) error { return checkPages(file, tx) })
	if err := errors.Join(err, database.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// checkPages checks the pages that a transaction sees.
func checkPages(file *os.File, tx *bbolt.Tx) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < tx.Size() {
		return fmt.Errorf("it is shorter than %d bytes", tx.Size())
	}
	pageSize := int64(tx.DB().Info().PageSize)
	t := tree{file: file, pageSize: pageSize, used: make([]bool, tx.Size()/pageSize)}
	if err := t.check(uint64(tx.Cursor().Bucket().Root()), &limits{}, true); err != nil {
		return err
	}
	// Transactions write the first two pages by turns.
	const freeAt, noList = headerSize + 32, ^uint64(0)
	free := noList
	if err := decode(file, int64(tx.ID()%2)*pageSize+freeAt, &free); err != nil || free == noList {
		return err
	}
	return t.free(free)
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
