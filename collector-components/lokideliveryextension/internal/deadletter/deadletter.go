// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package deadletter writes records that Loki refused into files, a line each time.
package deadletter // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/deadletter"

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	// pattern matches the files; their names sort by age.
	pattern        = "refused-*.jsonl"
	nameLayout     = "20060102T150405.000000000Z"
	directoryPerms = 0o750
	// Records may quote people: nobody else reads them.
	filePerms = 0o600
)

// ErrFull means that there are as many files as there may be.
var ErrFull = errors.New("the dead-letter directory is full")

// Settings of a writer.
type Settings struct {
	// Directory holds the files; it is made if it is missing.
	Directory string
	// MaxBytes is the size at which another file is begun.
	MaxBytes int64
	// MaxFiles is how many files there may be.
	MaxFiles int
	// DeleteOldest makes room by deleting the oldest file, where ErrFull would be
	// returned otherwise.
	DeleteOldest bool
}

// Writer appends lines. What it has written is on the disk.
type Writer struct {
	settings Settings

	mu   sync.Mutex
	file *os.File
	size int64
}

// New returns a writer, and an error if nothing can be written to the directory.
func New(settings Settings) (*Writer, error) {
	if err := os.MkdirAll(settings.Directory, directoryPerms); err != nil {
		return nil, err
	}
	probe, err := os.CreateTemp(settings.Directory, ".probe-*")
	if err != nil {
		return nil, err
	}
	return &Writer{settings: settings}, errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Append writes a line, to which it adds the newline, and returns the name of the file.
// After an error the line counts as not written.
func (w *Writer) Append(line []byte) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	size := int64(len(line)) + 1
	if err := w.prepare(size); err != nil {
		return "", err
	}
	name := w.file.Name()
	_, err := w.file.Write(append(slices.Clip(line), '\n'))
	if err == nil {
		err = w.file.Sync()
	}
	if err != nil {
		// A part of the line may be there: it is cut off, now or by whoever opens the
		// file next.
		err = errors.Join(err, w.file.Truncate(w.size), w.closeFile())
		return "", fmt.Errorf("cannot write the dead-letter file %s: %w", name, err)
	}
	w.size += size
	return name, nil
}

// Close closes the current file.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closeFile()
}

func (w *Writer) closeFile() error {
	if w.file == nil {
		return nil
	}
	file := w.file
	w.file = nil
	return file.Close()
}

// isInPlace tells whether the open file still has its name. Files may be moved away or
// deleted at any time, and what is written to one of these is lost.
func (w *Writer) isInPlace() bool {
	opened, err := w.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(w.file.Name())
	return err == nil && os.SameFile(opened, named)
}

// prepare opens the file that has room for size bytes.
func (w *Writer) prepare(size int64) error {
	if w.file != nil && !w.isInPlace() {
		if err := w.closeFile(); err != nil {
			return err
		}
	}
	if w.file == nil {
		if err := w.reopen(); err != nil {
			return err
		}
	}
	if w.file != nil && (w.size == 0 || w.size+size <= w.settings.MaxBytes) {
		return nil
	}
	if err := w.makeRoom(); err != nil {
		return err
	}
	if err := w.closeFile(); err != nil {
		return err
	}
	return w.create()
}

// files are the names of all files, the oldest first.
func (w *Writer) files() ([]string, error) {
	names, err := filepath.Glob(filepath.Join(w.settings.Directory, pattern))
	slices.Sort(names)
	return names, err
}

// reopen goes on with the newest file, if there is one.
func (w *Writer) reopen() error {
	names, err := w.files()
	if err != nil || len(names) == 0 {
		return err
	}
	file, err := os.OpenFile(names[len(names)-1], os.O_RDWR|os.O_APPEND, filePerms)
	if err != nil {
		return err
	}
	size, err := endOfLastLine(file)
	if err == nil {
		err = file.Truncate(size)
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	w.file, w.size = file, size
	return nil
}

// endOfLastLine is where the last whole line ends: a process can end while it writes one.
// That line's records are still in the queue.
func endOfLastLine(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	const block = 64 << 10
	buffer := make([]byte, block)
	for end := info.Size(); end > 0; {
		start := max(end-block, 0)
		n, err := file.ReadAt(buffer[:end-start], start)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		for i := n - 1; i >= 0; i-- {
			if buffer[i] == '\n' {
				return start + int64(i) + 1, nil
			}
		}
		end = start
	}
	return 0, nil
}

// makeRoom sees to it that one more file may be begun.
func (w *Writer) makeRoom() error {
	names, err := w.files()
	if err != nil {
		return err
	}
	for len(names) >= w.settings.MaxFiles {
		if !w.settings.DeleteOldest {
			return fmt.Errorf("%w: %s has %d files: look at them, see to what Loki refuses, and move them away",
				ErrFull, w.settings.Directory, len(names))
		}
		if err := os.Remove(names[0]); err != nil {
			return err
		}
		names = names[1:]
	}
	return nil
}

// create begins another file, and sees to it that its name is on the disk.
func (w *Writer) create() error {
	// The directory may have been moved away as well.
	if err := os.MkdirAll(w.settings.Directory, directoryPerms); err != nil {
		return err
	}
	name := filepath.Join(w.settings.Directory, "refused-"+time.Now().UTC().Format(nameLayout)+".jsonl")
	file, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, filePerms) //nolint:gosec // the operator names the directory
	if err != nil {
		return err
	}
	if err := syncDirectory(w.settings.Directory); err != nil {
		return errors.Join(err, file.Close())
	}
	w.file, w.size = file, 0
	return nil
}

func syncDirectory(path string) error {
	directory, err := os.Open(path) //nolint:gosec // the operator names the directory
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
