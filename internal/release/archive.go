// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"archive/zip"
	"cmp"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// entry is a file of an archive.
type entry struct {
	// name is where it is in the archive, source where its content is read from.
	name, source string
	// executable says that it is a program.
	executable bool
}

func (e entry) mode() fs.FileMode {
	if e.executable {
		return 0o755
	}
	return 0o644
}

// archive writes the entries below a directory that is named as the archive is. Names are
// sorted, and owners, modes and times are the same for everybody: equal content gives equal
// bytes. An archive that ends in .zip is one; all others are .tar.gz.
func archive(file string, modified time.Time, entries []entry) (err error) {
	entries = slices.SortedFunc(slices.Values(entries), func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	base, isZip := strings.CutSuffix(path.Base(file), ".zip")
	base = strings.TrimSuffix(base, ".tar.gz")
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, out.Close()) }()
	write := writeTar
	if isZip {
		write = writeZip
	}
	return write(out, base, modified, entries)
}

func writeTar(out io.Writer, base string, modified time.Time, entries []entry) error {
	compressed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	archived := tar.NewWriter(compressed)
	for _, e := range entries {
		info, err := os.Stat(e.source)
		if err != nil {
			return err
		}
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: base + "/" + e.name, Size: info.Size(), Mode: int64(e.mode()), ModTime: modified, Format: tar.FormatPAX,
		}
		if err := archived.WriteHeader(header); err != nil {
			return err
		}
		if err := copyFile(archived, e.source); err != nil {
			return err
		}
	}
	return cmp.Or(archived.Close(), compressed.Close())
}

func writeZip(out io.Writer, base string, modified time.Time, entries []entry) error {
	archived := zip.NewWriter(out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: base + "/" + e.name, Method: zip.Deflate, Modified: modified.UTC()}
		header.SetMode(e.mode())
		to, err := archived.CreateHeader(header)
		if err != nil {
			return err
		}
		if err := copyFile(to, e.source); err != nil {
			return err
		}
	}
	return archived.Close()
}

func copyFile(to io.Writer, source string) error {
	from, err := os.Open(source)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return cmp.Or(err, from.Close())
}
