// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.uber.org/zap"
)

const (
	// indexDirectory is where Loki keeps its index below the directory of chunks, packed.
	indexDirectory = "index"
	packed         = ".gz"
	// asideDirectory is beside it, where Loki looks for nothing.
	asideDirectory = "damaged"
)

// setAsideTorn moves files of the index out of the way that cannot be unpacked.
//
// On a file system Loki writes a file where it is to be. Killed meanwhile, it leaves one that
// is cut off, reads it at the next start, and ends with "EOF". What such a file was to
// hold is still where it was taken from, and is written anew. Of a file that was damaged later
// this is not so: what only its part of the index told of is not found any more.
func setAsideTorn(chunks string, logger *zap.Logger) error {
	var files []string
	err := filepath.WalkDir(filepath.Join(chunks, indexDirectory), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.HasSuffix(path, packed) {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, path := range files {
		reason := unpack(path)
		if reason == nil {
			continue
		}
		if !isTorn(reason) {
			return reason
		}
		name, err := filepath.Rel(chunks, path)
		if err != nil {
			return err
		}
		aside := filepath.Join(chunks, asideDirectory, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(aside), 0o750), os.Rename(path, aside)); err != nil {
			return fmt.Errorf("%s: %w, and it cannot be set aside: %w", path, reason, err)
		}
		logger.Error("A file of Loki's index was not written to its end, or is damaged, and was set aside. "+
			"What was being written when the process was killed is written anew; otherwise check the disk: records may not be found any more, "+
			"or requests to delete some be forgotten",
			zap.String("file", path), zap.String("set_aside", aside), zap.Error(reason))
	}
	return nil
}

// isTorn tells an archive that is none from a file that cannot be read.
func isTorn(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

// unpack returns nil for a file that can be unpacked to its end.
func unpack(path string) (err error) {
	file, err := os.Open(path) //nolint:gosec // a file in Loki's own directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, reader) //nolint:gosec // nothing of it is kept
	return err
}
