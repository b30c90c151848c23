// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// synchronous is FS_SYNC_FL, the attribute that chattr calls S.
// Source: ioctl_iflags(2)
const synchronous = 0x8

// writeThrough lets the file system write through what is put into a directory, and into those
// below it, which inherit that. The error is errors.ErrUnsupported where it cannot.
func writeThrough(directory string) error {
	if err := os.MkdirAll(directory, 0o750); err != nil {
		return err
	}
	if marked, err := isMarked(directory); marked || err != nil {
		return err
	}
	var below []string
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			below = append(below, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	// The first tells that all are marked, and so comes last.
	for _, path := range slices.Backward(below) {
		if err := mark(path); err != nil {
			return err
		}
	}
	return nil
}

func isMarked(directory string) (marked bool, err error) {
	err = withAttributes(directory, func(_ int, attributes uint32) error {
		marked = attributes&synchronous != 0
		return nil
	})
	return marked, err
}

func mark(directory string) error {
	return withAttributes(directory, func(descriptor int, attributes uint32) error {
		return unix.IoctlSetPointerInt(descriptor, unix.FS_IOC_SETFLAGS, int(attributes|synchronous))
	})
}

func withAttributes(directory string, do func(descriptor int, attributes uint32) error) (err error) {
	file, err := os.Open(directory) //nolint:gosec // Loki's own directory
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
		return fmt.Errorf("%s: %w", directory, err)
	}
	return nil
}
