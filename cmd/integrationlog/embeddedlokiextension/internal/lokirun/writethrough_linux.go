// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// synchronous is FS_SYNC_FL, the attribute that chattr calls S.
// Source: ioctl_iflags(2)
const synchronous = 0x8

// writeThrough lets the file system write through what is put into a directory, and into those
// below it. The error is errors.ErrUnsupported where it cannot.
func writeThrough(directory string) error {
	if err := os.MkdirAll(directory, 0o750); err != nil {
		return err
	}
	directory, err := filepath.EvalSymlinks(directory)
	if err != nil {
		return err
	}
	err = filepath.WalkDir(directory, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return mark(path)
	})
	if err != nil {
		return err
	}
	return inherits(directory)
}

// inherits returns an error unless a new file has the attribute of its directory: not every
// file system hands it on.
func inherits(directory string) error {
	file, err := os.CreateTemp(directory, ".write-through-*")
	if err != nil {
		return err
	}
	marked, err := isMarked(file.Name())
	if err == nil && !marked {
		err = fmt.Errorf("%s: new files do not have its attribute: %w", directory, errors.ErrUnsupported)
	}
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

func isMarked(path string) (marked bool, err error) {
	err = withAttributes(path, func(_ int, attributes uint32) error {
		marked = attributes&synchronous != 0
		return nil
	})
	return marked, err
}

func mark(path string) error {
	return withAttributes(path, func(descriptor int, attributes uint32) error {
		return unix.IoctlSetPointerInt(descriptor, unix.FS_IOC_SETFLAGS, int(attributes|synchronous))
	})
}

func withAttributes(path string, do func(descriptor int, attributes uint32) error) (err error) {
	file, err := os.Open(path) //nolint:gosec // Loki's own directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	descriptor := int(file.Fd())
	attributes, err := unix.IoctlGetUint32(descriptor, unix.FS_IOC_GETFLAGS)
	if err == nil {
		err = do(descriptor, attributes)
	}
	if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EINVAL) { // ENOTSUP is errors.ErrUnsupported by itself
		err = errors.Join(errors.ErrUnsupported, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
