// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
)

// Damage does something to a database file that no process has open.
type Damage struct {
	// Name says what is done.
	Name string
	// Fatal tells that the file cannot be used any more, wherever it was hit.
	Fatal bool
	// Empties tells that nothing is left of it.
	Empties bool
	// Changes tells that what is stored in it is other than it was, and the file is whole.
	Changes bool
	do      func(file *os.File, size int64, random *rand.Rand) error
}

// What a bbolt file begins with: two pages that tell where the rest is.
const (
	page          = 4096
	metaOffset    = 16 // of the header of a page
	metaSize      = 64
	versionOffset = 4
	sumOffset     = 56
	newerVersion  = 3
)

// Damages are those that are tried: what a failing disk or file system leaves behind.
var Damages = []Damage{
	{Name: "cut off", do: func(file *os.File, size int64, random *rand.Rand) error {
		return file.Truncate(2*page + random.Int64N(max(1, size/2-2*page)))
	}},
	{Name: "cut off within the first page", Fatal: true, do: func(file *os.File, _ int64, random *rand.Rand) error {
		return file.Truncate(1 + random.Int64N(page-1))
	}},
	{Name: "empty", Empties: true, do: func(file *os.File, _ int64, _ *rand.Rand) error { return file.Truncate(0) }},
	{Name: "a page overwritten", do: func(file *os.File, size int64, random *rand.Rand) error {
		return scribble(file, random, 2+random.Int64N(max(1, min(size/page, 16)-2)), 1)
	}},
	{Name: "all but the first pages overwritten", Fatal: true, do: func(file *os.File, size int64, random *rand.Rand) error {
		return scribble(file, random, 2, size/page-2)
	}},
	{Name: "a bit of each value changed", Changes: true, do: changeValues},
	{Name: "the first pages overwritten", Fatal: true, do: func(file *os.File, _ int64, random *rand.Rand) error { return scribble(file, random, 0, 2) }},
}

// Newer makes a file one that a later version of the database has written.
var Newer = Damage{Name: "of a newer version", Fatal: true, do: func(file *os.File, _ int64, _ *rand.Rand) error {
	for n := range int64(2) {
		meta := make([]byte, metaSize)
		if _, err := file.ReadAt(meta, n*page+metaOffset); err != nil {
			return err
		}
		binary.NativeEndian.PutUint32(meta[versionOffset:], newerVersion)
		sum := fnv.New64a()
		_, _ = sum.Write(meta[:sumOffset])
		binary.NativeEndian.PutUint64(meta[sumOffset:], sum.Sum64())
		if _, err := file.WriteAt(meta, n*page+metaOffset); err != nil {
			return err
		}
	}
	return nil
}}

// To does the damage to a file.
func (d Damage) To(path string, random *rand.Rand) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // a file of the test
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		err = d.do(file, info.Size(), random)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", path, d.Name, err)
	}
	return nil
}

// scribble overwrites pages with what is drawn at random.
func scribble(file *os.File, random *rand.Rand, first, pages int64) error {
	content := make([]byte, max(0, pages)*page)
	for i := range content {
		content[i] = byte(random.IntN(256)) //nolint:gosec // it fits
	}
	_, err := file.WriteAt(content, first*page)
	return err
}
